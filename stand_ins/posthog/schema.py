"""The tables of a PostHog project, and what its files and types are called."""

# A person id in `events` follows merges, as in PostHog: the newest version wins.
# HogQL knows nothing of `inserted_at` and `person_changes`; only exports go by them.
TABLES = """
create table stored_events (
    uuid uuid, event varchar, distinct_id varchar, person_id uuid,
    "timestamp" timestamptz, created_at timestamptz, properties varchar,
    inserted_at timestamptz -- when later than created_at
);
create table persons (
    id uuid, created_at timestamptz, is_identified boolean, properties varchar
);
create table raw_person_distinct_ids (
    distinct_id varchar, person_id uuid, "version" bigint, is_deleted boolean
);
create table person_changes (person_id uuid, changed_at timestamptz);
create view events as
with current_persons as (
    select distinct_id, arg_max(person_id, "version") as person_id
    from raw_person_distinct_ids
    group by distinct_id
    having not arg_max(is_deleted, "version")
)
select
    stored_events.* exclude (person_id, inserted_at),
    stored_events.person_id as event_person_id,
    coalesce(current_persons.person_id, stored_events.person_id) as person_id
from stored_events
left join current_persons using (distinct_id)
where
    coalesce(stored_events.inserted_at, stored_events.created_at)
    <= getvariable('visible_until')
"""
WORLD_FILES = {
    "stored_events": "events.parquet",
    "persons": "persons.parquet",
    "raw_person_distinct_ids": "person_distinct_ids.parquet",
}
CLICKHOUSE_TYPES = {
    "VARCHAR": "Nullable(String)",
    "UUID": "UUID",
    "DATE": "Date",
    "BIGINT": "Int64",
    "UBIGINT": "UInt64",
    "INTEGER": "Int32",
    "HUGEINT": "Int64",
    "DOUBLE": "Float64",
    "BOOLEAN": "Bool",
}
