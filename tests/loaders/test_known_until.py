"""Until when a load knows its source, as the ledger says it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from loaders.database import open_databases
from loaders.load import load_source
from tests.conftest import ENGINES, query
from warehouse.connection import connect
from warehouse.settings import Settings

pytestmark = pytest.mark.usefixtures("working_directory")
FIRST = datetime(2026, 6, 1, 6, tzinfo=UTC)
SECOND = datetime(2026, 6, 2, 6, tzinfo=UTC)
LEDGER = (
    "select origin, known_until_at from staging_engagement._loads "
    "where table_name = 'persons' order by started_at"
)


def load(engagement_url: str, warehouse: str, read_at: datetime) -> None:
    """Load the engagement platform as if it had been opened at an instant."""
    settings = Settings.from_environment({"ENGAGEMENT_DATABASE_URL": engagement_url})
    with open_databases("engagement", settings) as tables:
        load_source("engagement", tables, warehouse, "key", "real", read_at=read_at)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_ledger_of_an_older_loader_gets_what_it_lacks(
    engine: str, engagement: str, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse(engine)
    load(engagement, warehouse, FIRST)
    with connect(warehouse) as connection, connection.cursor() as cursor:
        for column in ("origin", "known_until_at"):
            cursor.execute(
                f"alter table staging_engagement._loads drop column {column}"
            )
        connection.commit()
    [(started_at,)] = query(
        warehouse,
        "select started_at from staging_engagement._loads where table_name = 'persons'",
    )
    load(engagement, warehouse, SECOND)
    assert query(warehouse, LEDGER) == [
        ("engagement", started_at),
        ("engagement", SECOND),
    ]


def test_a_moment_without_an_offset_is_refused() -> None:
    settings = Settings(sources_copied_at="2026-06-01 06:00:00")
    with pytest.raises(Exception, match="SOURCES_COPIED_AT is .* with its offset"):
        _ = settings.copied_at
    assert Settings(sources_copied_at=FIRST.isoformat()).copied_at == FIRST
