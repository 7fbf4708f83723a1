"""What the method reads of a warehouse that exists."""

from calibration.core_tables import NOBODY_HELD_OUT, Tables
from warehouse.connection import connect, duckdb_path, is_duckdb
from warehouse.tables import read, require_tables

QUERIES = {
    "core.dim_users": """
        select user_key, is_test_account, is_deleted, app_first_seen_at
        from core.dim_users
    """,
    "core.fct_user_activity": """
        select event_key, user_key, activity_type, occurred_at
        from core.fct_user_activity
        where activity_type in (select metric from seeds.push_metrics)
    """,
    "intermediate.int_campaign_sends": """
        select campaign_key, user_key, sent_at from core.fct_notifications
    """,
    "core.dim_campaigns": """
        select campaign_key, title, layer_id, is_test, sent_at, last_sent_at
        from core.dim_campaigns
    """,
    "intermediate.int_as_of": "select * from intermediate.int_as_of",
}


def read_core_tables(warehouse_url: str) -> Tables | None:
    """Read the core tables of a warehouse, with nobody held out.

    Returns:
        The tables, or None if there is no warehouse yet.

    Raises:
        UserError: the warehouse does not open, or was not built.
    """
    if is_duckdb(warehouse_url) and not duckdb_path(warehouse_url).exists():
        return None
    with connect(warehouse_url, is_read_only=True) as connection:
        require_tables(connection, ["core.fct_notifications", "seeds.push_metrics"])
        tables = {name: read(connection, query) for name, query in QUERIES.items()}
    return tables | NOBODY_HELD_OUT
