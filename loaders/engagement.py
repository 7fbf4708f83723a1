"""The engagement platform (Postgres): posts, comments, groups and, if any, messages.

Data flow: ENGAGEMENT_DATABASE_URL -> staging_engagement.
What people write never lands, only that they wrote: see contract.yml.
Run alone: `python -m loaders engagement`. Real data need PII_HASH_KEY.
"""

from contextlib import AbstractContextManager

from loaders.contract import tables_of
from loaders.database import open_databases
from loaders.source_table import DatabaseTable
from warehouse.settings import Settings

DATABASES = {"engagement": "ENGAGEMENT_DATABASE_URL"}


def open_source(settings: Settings) -> AbstractContextManager[list[DatabaseTable]]:
    """Open the database and give its tables."""
    return open_databases(settings, tables_of("engagement"), DATABASES)
