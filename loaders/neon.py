"""The push notifications: the cadence database, the app database, and two folders.

Data flow: NEON_DATABASE_URL, NEON_APP_DATABASE_URL, PUSH_AUTOMATIONS_DIR and
PUSH_LOGS_DIR -> staging_neon. All but one may be missing: their tables stay empty.
Run alone: `python -m loaders neon`. Real data need PII_HASH_KEY.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from loaders.contract import tables_of
from loaders.database import open_databases
from loaders.push_files import FolderTable, open_folders
from loaders.source_table import DatabaseTable
from warehouse.settings import Settings


@contextmanager
def open_source(settings: Settings) -> Iterator[list[DatabaseTable | FolderTable]]:
    """Open what is configured and yield its tables."""
    with open_databases("neon", settings) as database_tables:
        yield [*database_tables, *open_folders(settings, tables_of("neon"))]
