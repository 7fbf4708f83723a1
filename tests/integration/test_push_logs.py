"""Deliveries of campaigns equal a count over the logs, however untidy these are."""

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import ENGINES, REPOSITORY, execute
from tests.helpers.push_folders import write
from tests.integration.conftest import NO_TESTS, Warehouse

TITLE = "Caf\u00e9: your offer"
# one title, as senders and people who copy and paste have written it
SPELLINGS = (
    "Caf\u00e9: your offer",
    "Cafe\u0301: your offer\n",
    "\u00a0Caf\u00e9: your offer\u00a0",
    "\u202dCaf\u00e9: your\u200b offer\u202c",
)
SENDS = 300
FIRST_SEND = "2026-03-01 10:00:00+00"
# layer 2: three sends of one second that have no title, each in another way
CADENCE_ROWS = """
insert into user_notifications (id, user_id, layer_id, sent_at, push_title)
select
    gen_random_uuid(), gen_random_uuid(), 3,
    timestamptz '{first}' + number * interval '1 second',
    (array[{spellings}])[number % {count} + 1]
from generate_series(0, {sends} - 1) as number;
insert into user_notifications (id, user_id, layer_id, sent_at, push_title)
select gen_random_uuid(), gen_random_uuid(), 2, '{first}', title
from unnest(array[null, '', E' \\u00a0\\n']) as title;
""".format(
    first=FIRST_SEND,
    spellings=", ".join(f"'{spelling}'" for spelling in SPELLINGS),
    count=len(SPELLINGS),
    sends=SENDS,
)


def job(job_id: str, title: str, batches: int, **fields: object) -> dict:
    """Write the log of a personalised job: each batch of it is 1 of 1."""
    return {
        "jobId": job_id,
        "status": "completed",
        "startTime": "2026-03-01T09:59:55Z",
        "request": {"title": title, "layerId": 3, "dryRun": False},
        "batches": [
            {
                "batchNumber": 1,
                "totalBatches": 1,
                "status": "success",
                "successCount": 1,
                "failureCount": 0,
                "timestamp": "2026-03-01T10:00:00Z",
            }
        ]
        * batches,
        **fields,
    }


def write_logs(folder: Path) -> int:
    """Write logs and copies of logs; return the deliveries of the jobs, by hand."""
    folder.mkdir()
    finished = job("first", TITLE, 180, endTime="2026-03-01T10:03:00Z")
    write(folder, "first", finished)
    write(folder, "first (copy)", job("first", TITLE, 150))
    running = job("second", SPELLINGS[1], 120, status="in_progress", successCount=0)
    write(folder, "second", running)
    write(folder, "second (copy)", running)
    write(folder, "damaged", json.dumps(job("third", TITLE, 50)).encode()[:-100])
    return 180 + 120


@pytest.mark.parametrize("engine", ENGINES)
def test_deliveries_equal_a_count_over_the_files(
    engine: str, new_warehouse: Callable, new_database: Callable, tmp_path: Path
) -> None:
    logged = write_logs(tmp_path / "logs")
    cadence = new_database()
    schema = REPOSITORY / "demo" / "schemas" / "cadence.sql"
    execute(cadence, schema.read_text(encoding="utf-8") + CADENCE_ROWS)
    warehouse = Warehouse(
        new_warehouse(engine),
        tmp_path,
        {"NEON_DATABASE_URL": cadence, "PUSH_LOGS_DIR": str(tmp_path / "logs")},
    )
    printed = warehouse.run("python", "-m", "loaders")
    rejected = [line for line in printed.splitlines() if " is rejected: " in line]
    assert len(rejected) == 3
    again = " ".join(warehouse.run("python", "-m", "loaders").split())
    assert re.search(r"all \d+ tables 0 0 0 3 ", again)
    models = ("--select", "+dim_campaigns", "+int_quality_jobs")
    warehouse.run("dbt", "build", "--quiet", *NO_TESTS, *models)
    assert warehouse.rows(
        "select title, delivery_count, job_count, job_success_count "
        "from core.dim_campaigns order by layer_id desc"
    ) == [
        {
            "title": TITLE,
            "delivery_count": SENDS,
            "job_count": 2,
            "job_success_count": logged,
        },
        {
            "title": None,
            "delivery_count": 3,
            "job_count": 0,
            "job_success_count": 0,
        },
    ]
    assert warehouse.rows(
        "select numerator, denominator from intermediate.int_quality_jobs "
        "where check_name = 'job_deliveries'"
    ) == [{"numerator": SENDS, "denominator": SENDS}]


def newest_logs(folder: Path) -> list[dict]:
    """Return the log of each job; of those with one id the one that has most in it."""
    logs = [json.loads(path.read_bytes()) for path in folder.glob("*.json")]
    logs.sort(key=lambda log: len(log["batches"]))
    return list({log["jobId"]: log for log in logs}.values())


def belongs(log: dict, campaign: dict) -> bool:
    """Tell whether a job sent a campaign, by title, time and, where logged, layer."""
    request, at = log["request"], datetime.fromisoformat(log["startTime"])
    first = campaign["sent_at"] - timedelta(minutes=120)
    return (
        request["title"] == campaign["title"]
        and (request.get("layerId", campaign["layer_id"]) or 5) == campaign["layer_id"]
        and first <= at <= campaign["last_sent_at"]
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_deliveries_of_the_demo_equal_a_count_over_its_files(
    engine: str, warehouses: dict[str, Warehouse], world: Path
) -> None:
    campaigns = warehouses[engine].rows(
        "select title, layer_id, sent_at, last_sent_at, job_success_count "
        "from core.dim_campaigns"
    )
    counted: Counter[str] = Counter()
    for log in newest_logs(world / "push_logs"):
        if not log["request"]["dryRun"] and any(
            belongs(log, campaign) for campaign in campaigns
        ):
            sent = sum(batch["successCount"] for batch in log["batches"])
            counted[log["request"]["title"]] += sent
    told: Counter[str] = Counter()
    for campaign in campaigns:
        told[campaign["title"]] += campaign["job_success_count"]
    assert sum(counted.values()) > 500
    assert +told == counted
