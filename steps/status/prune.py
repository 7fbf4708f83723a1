"""Samples that are older than the catalogue keeps them; their rollups stay.

Whole weeks go, so that what stays of a bucket is all of it or nothing, and only what
the rollups hold.
"""

from adbc_driver_manager.dbapi import Connection

from warehouse.connection import connect_existing, refuse_spark, require_existing
from warehouse.one_writer import one_writer
from warehouse.tables import denial_explained, read, require_tables

SAMPLES, NODE_RUNS = "staging_telemetry.samples", "production.node_runs"
TABLES = [
    SAMPLES,
    NODE_RUNS,
    "core.fct_metric_samples",
    "intermediate.int_metric_rollups",
    "intermediate.int_telemetry_as_of",
    "seeds.metric_catalog",
]
WEEK = "date_trunc('week', {} at time zone 'UTC') at time zone 'UTC'"
KEPT_FROM = f"""
    select
        catalog.metric,
        {WEEK.format("(clock.as_of - catalog.retention_days * interval '24 hours')")}
            as kept_from
    from seeds.metric_catalog as catalog
    cross join intermediate.int_telemetry_as_of as clock
    where catalog.retention_days > 0
"""  # noqa: S608 - our own names
OLD_SAMPLES = f"""
    select old.sample_id
    from (
        select
            samples.sample_id, samples.series_id,
            {WEEK.format("samples.observed_at")} as week_starts_at,
            sum(samples.sample_count) over (
                partition by samples.series_id, {WEEK.format("samples.observed_at")}
            ) as sample_count
        from core.fct_metric_samples as samples
        inner join ({KEPT_FROM}) as kept
            on samples.metric = kept.metric and samples.observed_at < kept.kept_from
    ) as old
    inner join intermediate.int_metric_rollups as rollups
        on
            old.series_id = rollups.series_id
            and old.week_starts_at = rollups.bucket_starts_at
            and old.sample_count <= rollups.sample_count
            and rollups.period = 'week'
"""  # noqa: S608 - our own names
METRIC_OF_RUN = """
    case kind
        when 'test' then 'dbt.test_failures'
        when 'command' then 'command.seconds'
        else 'dbt.node_seconds'
    end
"""
OLD = {
    SAMPLES: f"sample_id in ({OLD_SAMPLES})",
    # the samples of a run are made anew from it in each build
    NODE_RUNS: f"""
        exists (
            select 1 from ({KEPT_FROM}) as kept
            where
                kept.metric = {METRIC_OF_RUN}
                and ran_at < kept.kept_from
        )
    """,  # noqa: S608 - our own names
}


def prune(url: str, is_applied: bool) -> str:
    """Remove old samples, or say what would be.

    Args:
        url: Of the warehouse.
        is_applied: Remove them.

    Returns:
        What was done, or would be.

    Raises:
        UserError: the warehouse is not built, or may not be written, or is on Spark.
    """
    refuse_spark(
        url,
        "whose tables lose no rows: samples stay until the lake is made anew, or keep "
        "the warehouse on DuckDB or Postgres",
    )
    if not is_applied:
        with connect_existing(url, is_read_only=True) as connection:
            return f"{_told(connection)} would go: --apply removes them; rollups stay"
    require_existing(url)
    with one_writer(url, "prune"), connect_existing(url) as connection:
        told = _told(connection)
        with (
            denial_explained(connection, "delete from the telemetry"),
            connection.cursor() as cursor,
        ):
            for table, condition in OLD.items():
                cursor.execute(f"delete from {table} where {condition}")  # noqa: S608
        connection.commit()
        return f"{told} are removed; rollups stay"


def _told(connection: Connection) -> str:
    require_tables(connection, TABLES, "run `make load build` first")
    counts = []
    for table, condition in OLD.items():
        query = f"select count(*) as old from {table} where {condition}"  # noqa: S608
        [row] = read(connection, query).to_pylist()
        counts.append(f"{row['old']:,} rows of {table}")
    return " and ".join(counts)
