"""An environment that is not the demo's goes through every command and counts right."""

import re
from collections import Counter
from collections.abc import Callable

import pytest

from tests.conftest import REPOSITORY, execute
from tests.integration.conftest import Warehouse
from tests.integration.test_push_logs import CADENCE_ROWS, SENDS, TITLE, write_logs

MESSAGING = (
    "conversations",
    "conversation_participants",
    "messages",
    "message_reads",
    "message_reactions",
)
ANN = "00000000-0000-4000-8000-00000000000a"
CHEMLINK_ROWS = f"""
alter table query_votes drop column if exists deleted_at;
alter table query_votes rename column type to vote;
alter table query_votes rename column voter_id to person_id;
insert into persons (id, person_id, kratos_id, has_finder, created_at) values
    (1, '{ANN}', '{ANN}', true, '2026-01-01 10:00:00+00'),
    (2, gen_random_uuid(), null, false, '2026-01-02 10:00:00+00');
insert into query_votes (id, vote, person_id, profile_id, created_at)
values (1, 'upvote', 1, 2, '2026-01-03 10:00:00+00');
"""
ENGAGEMENT_ROWS = f"""
drop table {", ".join(MESSAGING)};
insert into persons (id, external_id, created_at)
values ('{ANN}', '{ANN}', '2026-01-01 11:00:00+00');
insert into posts (id, type, person_id, created_at)
values ('{ANN}', 'text', '{ANN}', '2026-01-03 11:00:00+00');
"""


def new_source(new_database: Callable, name: str, rows: str) -> str:
    """Return the URL of a source with the demo's tables, then changed by `rows`."""
    url = new_database()
    schema = REPOSITORY / "demo" / "schemas" / f"{name}.sql"
    execute(url, schema.read_text(encoding="utf-8") + rows)
    return url


@pytest.fixture(scope="module")
def loaded(
    new_database: Callable, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Warehouse, str]:
    """A warehouse after all commands of a night, and what its loader printed."""
    folder = tmp_path_factory.mktemp("unseen")
    write_logs(folder / "logs")
    environment = {
        "NEON_DATABASE_URL": new_source(new_database, "cadence", CADENCE_ROWS),
        "PUSH_LOGS_DIR": str(folder / "logs"),
        "CHEMLINK_DATABASE_URL": new_source(new_database, "chemlink", CHEMLINK_ROWS),
        "ENGAGEMENT_DATABASE_URL": new_source(
            new_database, "engagement", ENGAGEMENT_ROWS
        ),
    }
    warehouse = Warehouse(new_database(), folder, environment)
    printed = warehouse.run("python", "-m", "loaders")
    # unit tests bring their own rows
    build = ("dbt", "build", "--quiet", "--exclude", "test_type:unit")
    warehouse.run(*build, "source:lift+")
    warehouse.run("python", "-m", "steps.lift")
    warehouse.run(*build, "--select", "source:lift+")
    warehouse.run("python", "-m", "steps.report", "--unpublished")
    warehouse.run("python", "-m", "steps.export", "--unpublished")
    return warehouse, printed


def test_loading_again_changes_nothing(loaded: tuple[Warehouse, str]) -> None:
    warehouse, _ = loaded
    printed = " ".join(warehouse.run("python", "-m", "loaders").split())
    assert re.search(r"all \d+ tables 0 0 0 3 ", printed)


def test_the_report_has_the_deliveries_and_claims_nothing_without_events(
    loaded: tuple[Warehouse, str],
) -> None:
    warehouse, _ = loaded
    page = (warehouse.folder / "reports" / "pushes.html").read_text(encoding="utf-8")
    assert TITLE in page
    assert "PostHog is not loaded" in page
    assert warehouse.rows(
        "select distinct recipients, verdict_count from ("
        "select delivery_count as recipients, (select count(*) "
        "from aggregates.agg_push_campaign_lift "
        "where verdict <> 'not_tracked') as verdict_count "
        "from core.dim_campaigns where layer_id = 3) as campaigns"
    ) == [{"recipients": SENDS, "verdict_count": 0}]


def test_no_label_rests_on_what_is_not_loaded(loaded: tuple[Warehouse, str]) -> None:
    warehouse, _ = loaded
    for dataset in ("ai_push_response", "ai_engagement", "ai_churn"):
        assert warehouse.rows(f"select * from ai.{dataset}") == []


def test_each_missing_thing_is_told_once(loaded: tuple[Warehouse, str]) -> None:
    _, printed = loaded
    expected = {
        "CHEMLINK_DATABASE_URL: query_votes: no column deleted_at, it is NULL",
        "KRATOS_DATABASE_URL is not set, its tables stay empty",
        *(
            f"ENGAGEMENT_DATABASE_URL: no table {table}, it stays empty"
            for table in MESSAGING
        ),
    }
    lines = Counter(printed.splitlines())
    assert {line: lines[line] for line in expected} == dict.fromkeys(expected, 1)


@pytest.mark.parametrize("mart", ["agg_messaging", "agg_logins"])
def test_the_mart_of_what_is_missing_is_empty(
    loaded: tuple[Warehouse, str], mart: str
) -> None:
    warehouse, _ = loaded
    assert warehouse.rows(f"select * from aggregates.{mart}") == []


def test_what_is_there_counts(loaded: tuple[Warehouse, str]) -> None:
    warehouse, _ = loaded
    assert warehouse.rows(
        "select cast(metric_date as text) as day, searches, upvotes, votes, voters "
        "from aggregates.agg_finder where votes > 0"
    ) == [{"day": "2026-01-03", "searches": 0, "upvotes": 1, "votes": 1, "voters": 1}]
    assert warehouse.rows(
        "select activity_type, activity_count, actor_count "
        "from aggregates.agg_daily_activity where activity_count > 0 order by 1"
    ) == [
        {"activity_type": "post", "activity_count": 1, "actor_count": 1},
        {"activity_type": "vote", "activity_count": 1, "actor_count": 1},
    ]
    [people] = warehouse.rows(
        "select count(*) as people, count(activated_at) as activated "
        "from core.dim_users where is_in_chemlink"
    )
    assert people == {"people": 2, "activated": 1}
