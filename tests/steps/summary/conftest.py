"""Marts of two days, and the summary of them as a user gets it."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pyarrow as pa
import pytest

from steps.insights.tables import TABLES as INSIGHTS_TABLES
from steps.report.assistant.data import ORDER
from steps.summary.__main__ import main
from tests.steps.report.assistant_rows import ROWS as ASSISTANT_ROWS
from tests.steps.warehouses import mart_table, write_tables

AS_OF = datetime(2026, 11, 1, tzinfo=UTC)
LAST, BEFORE = date(2026, 10, 31), date(2026, 10, 30)
ROWS = ASSISTANT_ROWS | {
    "agg_daily_metrics": [
        {
            "metric_date": day,
            "user_type": kind,
            "signups": signups,
            "dau": active,
            "total_users": 1000,
            "is_complete": day < AS_OF.date(),
        }
        for day, kind, signups, active in (
            (AS_OF.date(), "standard", None, None),
            (LAST, "finder", 5, 100),
            (LAST, "standard", 7, 400),
            (BEFORE, "standard", 10, 450),
        )
    ],
    "agg_cohort_retention": [
        {
            "cohort_period": "week",
            "periods_since_signup": 1,
            "cohort_size": 40,
            "active_users": back,
            "is_tracked": True,
            "is_mature": back is not None,
            "cohort_start_date": start,
        }
        for start, back in (
            (date(2026, 10, 19), None),
            (date(2026, 10, 12), 10),
            (date(2026, 10, 5), 12),
        )
    ],
    "agg_assistant_daily": [
        {
            "metric_date": day,
            "assistant_users": 20,
            "tool_jobs": 50,
            "failed_jobs": failed,
            "results_made": 40,
            "results_downloaded": 6,
            "results_shared": 4,
            "credit_limits_reached": 2,
        }
        for day, failed in ((LAST, 5), (BEFORE, 1))
    ],
    # of two metrics one, a week ago; another push 29 days ago
    "agg_push_campaign_lift": [
        {
            "campaign_key": key,
            "title": "Sale *today*",
            "metric": metric,
            "sent_at": AS_OF - timedelta(days=age),
            "recipients": 80,
            "verdict": verdict,
        }
        for key, metric, age, verdict in (
            ("a", "sessions", 7, "significant_up"),
            ("a", "offers_created", 7, "inconclusive"),
            ("b", "sessions", 8, "inconclusive"),
            ("c", "sessions", 29, "inconclusive"),
        )
    ],
    "agg_data_quality": [
        {
            "score": "event",
            "component": "sessions",
            "check_name": "event_days",
            "value_share": share,
            "severity": "warn",
            "is_passed": share > 0.5,
            "recommendation": "Look at the tracking.",
            "as_of": AS_OF,
        }
        for share in (0.25, 1.0, 1.0, 1.0)
    ],
    "agg_llm_evaluations": [
        {
            "model": "stand-in-keywords",
            "field": "use_case",
            "compared_answers": 200,
            "accuracy": 0.5,
            "kappa": 0.25,
            "is_good_enough": False,
        }
    ],
    "agg_alerts": [],
}
SYSTEMS = [
    {
        "source_system": name,
        "is_configured": True,
        "known_until_at": AS_OF - timedelta(hours=hours),
        "as_of": AS_OF,
    }
    for name, hours in (("posthog", 0), ("app", 49))
]
PRICE = {
    "model": "stand-in-keywords",
    "valid_from": date(2026, 1, 1),
    "currency": "USD",
    "input_per_million": 0.1,
    "cached_input_per_million": 0.05,
    "output_per_million": 0.4,
}


@dataclass(frozen=True)
class Ended:
    """How a summary ended."""

    code: int
    printed: str
    told: str


def write_marts(url: str, **others: list) -> None:
    """Write the marts, some of them with other rows."""
    rows = dict.fromkeys(ORDER, ()) | ROWS | others
    tables = {f"aggregates.{name}": mart_table(name, rows[name]) for name in rows}
    tables["core.dim_source_systems"] = mart_table("dim_source_systems", SYSTEMS)
    tables["seeds.llm_prices"] = pa.Table.from_pylist([PRICE])
    tables |= {
        f"insights.{name}": mart_table(f"stg_insights__{name}")
        for name in INSIGHTS_TABLES
    }
    write_tables(url, tables)


@pytest.fixture(scope="session")
def marts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of which tests change nothing but what their prose cost."""
    path = tmp_path_factory.mktemp("summary") / "warehouse.duckdb"
    write_marts(f"duckdb:///{path}")
    return path


@pytest.fixture
def summarise(
    marts: Path,
    working_directory: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Ended]:
    """Give a function that summarises marts, some of them with other rows."""

    def run(environment: dict[str, str] | None = None, **others: list) -> Ended:
        url = f"duckdb:///{marts}"
        if others:
            url = f"duckdb:///{working_directory}/warehouse.duckdb"
            write_marts(url, **others)
        monkeypatch.setenv("WAREHOUSE_URL", url)
        for name, value in (environment or {}).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["summary", "--unpublished"])
        code = main()
        return Ended(code, *capsys.readouterr())

    return run


@dataclass(frozen=True)
class Webhook:
    """Where messages go, how it answers, and what it was sent."""

    url: str
    received: list[bytes]


@pytest.fixture(params=[200])
def webhook(request: pytest.FixtureRequest) -> Iterator[Webhook]:
    """A server that answers every message alike."""
    received: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            received.append(self.rfile.read(length))
            self.send_response(request.param)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield Webhook(f"http://127.0.0.1:{server.server_port}/T0/secret", received)
        server.shutdown()
        thread.join()
