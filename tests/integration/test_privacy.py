from pathlib import Path

import pyarrow as pa

import demo
from tests.helpers.leaks import leaked_values
from tests.integration.conftest import Warehouse


def landed_bytes(warehouse: Warehouse) -> bytes:
    """Return every byte in the folder of a warehouse and every text in its tables.

    The texts are read too because a database file may hold them compressed.
    """
    files = (path for path in sorted(warehouse.folder.rglob("*")) if path.is_file())
    parts = [path.read_bytes() for path in files]
    tables = warehouse.rows(
        "select table_schema, table_name from information_schema.tables "
        "where table_schema not in ('information_schema', 'pg_catalog')"
    )
    names = ('"{table_schema}"."{table_name}"'.format(**table) for table in tables)
    for _, rows in warehouse.tables(names):
        for column in rows.columns:
            if pa.types.is_string(column.type):
                texts = column.unique().drop_null().to_pylist()
                parts.append("\n".join(texts).encode())
    return b"\n".join(parts)


def test_no_personal_value_is_anywhere(
    warehouses: dict[str, Warehouse], world: Path
) -> None:
    assert len(demo.personal_values(world)) > 1000, "there is something to look for"
    for engine, warehouse in warehouses.items():
        landed = landed_bytes(warehouse)
        assert b"user_notifications" in landed, "the search finds what is there"
        found = leaked_values(world, landed)
        assert found == set(), engine


def test_no_secret_is_in_logs_or_compiled_sql(
    warehouses: dict[str, Warehouse],
) -> None:
    for warehouse in warehouses.values():
        api_key = warehouse.environment["POSTHOG_API_KEY"].encode()
        for path in warehouse.folder.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                assert b"a key for all tests" not in content, path
                assert api_key not in content, path
