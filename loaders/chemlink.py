"""The ChemLink service (Postgres) and, if configured, its Kratos login database.

Data flow: CHEMLINK_DATABASE_URL and KRATOS_DATABASE_URL -> staging_chemlink.
Credentials, traits, addresses and free text never land: see contract.yml.
Run alone: `python -m loaders chemlink`. Real data need PII_HASH_KEY.
"""

from contextlib import AbstractContextManager

from loaders.contract import tables_of
from loaders.database import open_databases
from loaders.source_table import DatabaseTable
from warehouse.settings import Settings

DATABASES = {"chemlink": "CHEMLINK_DATABASE_URL", "kratos": "KRATOS_DATABASE_URL"}


def open_source(settings: Settings) -> AbstractContextManager[list[DatabaseTable]]:
    """Open the databases that are configured and give their tables."""
    return open_databases(settings, tables_of("chemlink"), DATABASES)
