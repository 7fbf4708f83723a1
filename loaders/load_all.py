"""Load sources one after the other, and let Spark read what landed if it is to."""

import logging
import os
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from time import perf_counter

from loaders import neon, posthog, telemetry
from loaders.configured import configured
from loaders.database import open_databases
from loaders.lake import check_lake, landed_in, publish
from loaders.ledger import TableResult
from loaders.load import create_missing, load_source
from loaders.shown import brought, show
from warehouse.connection import (
    OTHERS,
    connect,
    duckdb_path,
    is_duckdb,
    postgres_parts,
)
from warehouse.errors import root_cause, stack_trace
from warehouse.origins import check_origin, hash_key_id
from warehouse.progress import doing, told
from warehouse.settings import SOURCE_VARIABLES, Settings
from warehouse.spark import lake_url
from warehouse.states import ERROR, LOAD, STARTED, SUCCESS, read_states, record
from warehouse.versions import check_not_newer, loaded_part, record_version

logger = logging.getLogger("loaders")

# A source that is nothing but databases needs no module of its own.
OPENED_BY = {
    "neon": neon.open_source,
    "posthog": posthog.open_source,
    "telemetry": telemetry.open_source,
}


def load(
    names: list[str], settings: Settings, must_reconcile: bool, accept_deletes: bool
) -> list[str]:
    """Load the named sources; return what failed."""
    landing = landed_in(settings)
    if landing == settings:
        return _land(names, landing, must_reconcile, accept_deletes)
    # first, as nothing has to be loaded for a mistyped URL
    with connect(settings.warehouse_url) as spark:
        check_not_newer(spark)
    check_lake(landing.warehouse_url, lake_url())
    failures = _land(names, landing, must_reconcile, accept_deletes)
    try:
        _publish(names, landing.warehouse_url, settings.warehouse_url)
    except Exception as error:
        logger.debug("Spark failed: %s", stack_trace(error))
        failures.append(
            f"{root_cause('Spark', error)}; what landed is in "
            f"{duckdb_path(landing.warehouse_url)}: load again, and Spark reads it, too"
        )
    return failures


def _publish(names: list[str], landing_url: str, warehouse_url: str) -> None:
    """Let Spark read what landed, and how its loads have ended."""
    began_at = perf_counter()
    with connect(landing_url, is_read_only=True) as landing:
        states = read_states(landing)
    loads = [f"{LOAD}{name}" for name in names]
    with connect(warehouse_url) as spark:
        record(spark, dict.fromkeys(loads, STARTED))
        count = publish(landing_url, lake_url(), spark)
        record_version(spark, *map(loaded_part, SOURCE_VARIABLES))
        record(spark, {name: states[name].status for name in loads})
    told("lake", perf_counter() - began_at, f"{count:,} files written")


def _land(
    names: list[str], settings: Settings, must_reconcile: bool, accept_deletes: bool
) -> list[str]:
    """Load sources into what is updated by row; return what failed."""
    results: list[TableResult] = []
    failures: list[str] = []
    failed: set[str] = set()
    data_origin = "demo" if settings.is_demo else "real"
    url = settings.warehouse_url
    with connect(url) as connection:
        check_not_newer(connection)
        check_origin(
            connection,
            list(SOURCE_VARIABLES),
            data_origin,
            hash_key_id(settings.hash_key),
        )
        record(connection, {f"{LOAD}{name}": STARTED for name in names})
        connection.commit()
    with configured(settings) as sources:
        os.umask(OTHERS)  # of what DuckDB and dlt write beside the warehouse
        for source in SOURCE_VARIABLES:
            try:
                if source not in names or not sources.has_source(source):
                    create_missing(source, sources.warehouse_url)
                    continue
                read_at = sources.copied_at or datetime.now(UTC)
                began_at = perf_counter()
                doing(source)
                opened = OPENED_BY.get(source, partial(open_databases, source))
                with opened(sources) as readables:
                    loaded = load_source(
                        source,
                        readables,
                        sources.warehouse_url,
                        settings.hash_key,
                        data_origin,
                        must_reconcile,
                        read_at,
                        accept_deletes,
                    )
                results += loaded
                told(source, perf_counter() - began_at, brought(loaded))
            except Exception as error:
                logger.debug("%s failed: %s", source, stack_trace(error))
                role = postgres_parts(url)["user"] if not is_duckdb(url) else ""
                failures.append(root_cause(source, error, role))
                failed.add(source)
                with suppress(Exception):  # it may be the warehouse that fails
                    create_missing(source, sources.warehouse_url)
    failed |= {result.table.source for result in results if result.error}
    with suppress(Exception), connect(settings.warehouse_url) as connection:
        record(
            connection,
            {f"{LOAD}{name}": ERROR if name in failed else SUCCESS for name in names},
        )
        connection.commit()
    show([result for result in results if result.is_complete])
    failures += [result.error for result in results if result.error]
    return list(dict.fromkeys(failures))
