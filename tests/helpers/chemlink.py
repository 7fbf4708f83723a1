"""A small ChemLink database, for tests that need one of their own."""

from loaders.database import open_databases
from loaders.load import load_source
from warehouse.settings import Settings

SCHEMA = """
create table persons (
    id bigint primary key, person_id uuid not null, has_finder boolean,
    headline_description text, created_at timestamptz not null,
    updated_at timestamptz
);
create table experiences (id bigint, person_id bigint, created_at timestamptz);
create table education (like experiences);
create table collections (like experiences);
create table collection_profiles (like experiences);
alter table collection_profiles add collection_id bigint;
create table query_votes (
    id bigint, type text, voter_id bigint, created_at timestamptz
);
create table glossary (
    id bigint primary key, term text, meaning text, category text, description text,
    created_at timestamptz
);
"""


def load(source_url: str, warehouse_url: str) -> None:
    """Load the ChemLink database into a warehouse."""
    settings = Settings.from_environment({"CHEMLINK_DATABASE_URL": source_url})
    with open_databases("chemlink", settings) as tables:
        load_source("chemlink", tables, warehouse_url, "key", "real")
