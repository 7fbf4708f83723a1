"""ClickHouse and the stand-in give the same rows, and the loader lands the same."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from conformance.clickhouse import ClickHouse, Reply
from conformance.recording import NOW, Recording, from_clickhouse, load
from stand_ins.posthog import Store
from stand_ins.posthog.hogql import translate

# The stand-in has another hash; what follows from it is compared by what is landed.
HASHES = ("hash", "checksum", "bucket")
# Nor has it every type: how a count or a flag of PostHog is called there.
KINDS = {"UInt64": "Int64", "Int8": "Bool"}


def ask_stand_in(store: Store, hogql: str, values: dict[str, Any]) -> Reply:
    translation = translate(hogql, values)
    answer = store.select(f"{translation.sql} limit {translation.limit}", NOW)
    return Reply(answer.columns, answer.clickhouse_types, list(answer.rows))


def comparable(reply: Reply) -> tuple[list[tuple[str, str]], Counter]:
    """Return the columns with their types, but for hashes, and the rows."""
    kept = [at for at, name in enumerate(reply.columns) if name not in HASHES]
    kinds = [re.match(r"(Nullable\()?(\w+)", kind)[2] for kind in reply.types]
    columns = [(reply.columns[at], KINDS.get(kinds[at], kinds[at])) for at in kept]
    return columns, Counter(tuple(row[at] for at in kept) for row in reply.rows)


def test_both_give_the_same_rows(
    recording: Recording, store: Store, clickhouse: ClickHouse
) -> None:
    compared = 0
    for hogql, values in recording.queries:
        condition = hogql.partition(" where ")[2]
        if "cityHash64" in condition or "as bucket" in hogql or "now()" in hogql:
            continue
        replies = ask_stand_in(store, hogql, values), clickhouse.ask(hogql, values)
        assert comparable(replies[0]) == comparable(replies[1]), hogql
        compared += 1
    assert compared > 10


@pytest.mark.parametrize(
    "hogql",
    [
        "select toDateTime('2026-07-01T00:00:00Z') as in_utc",
        "select toDateTime('2026-01-01T00:00:00.000001Z') as with_fraction",
        "select timestamp, toDate(timestamp) as day from events",
        "select min(created_at) as first, max(timestamp) as last from events",
        *(
            f"select uuid from events where timestamp {sign} "
            f"toDateTime('{year}-05-01T00:00:00Z')"
            for sign in ("<", "<=", ">", ">=")
            for year in (1950, 1970, 2000, 2026, 2100, 2149, 2200)
        ),
        "select uuid from events where timestamp >= toDateTime('2000-01-01T00:00:00Z') "
        "and timestamp < toDateTime('2100-01-01T00:00:00Z')",
    ],
)
def test_both_read_times_alike(
    store: Store, clickhouse: ClickHouse, hogql: str
) -> None:
    text = f"{hogql} limit 100000"
    replies = ask_stand_in(store, text, {}), clickhouse.ask(text, {})
    assert comparable(replies[0]) == comparable(replies[1])


def test_what_time_it_is_has_a_zone(store: Store, clickhouse: ClickHouse) -> None:
    hogql = "select now() as server_now limit 1"
    replies = ask_stand_in(store, hogql, {}), clickhouse.ask(hogql, {})
    assert replies[0].types == replies[1].types
    offsets = {reply.rows[0][0][-6:] for reply in replies}
    assert offsets <= {"-04:00", "-05:00"}


def test_the_loader_lands_the_same_from_clickhouse(
    recording: Recording, store: Store, clickhouse: ClickHouse, tmp_path: Path
) -> None:
    real = load(store, tmp_path, from_clickhouse(clickhouse))
    assert real.landed == recording.landed
    # Its slices, cut by the real hashes, miss nothing and share nothing.
    [(everything,)] = store.execute("select count(*) from stored_events")
    assert real.fetched == recording.fetched == everything
    uuids = {str(uuid) for (uuid,) in store.execute("select uuid from stored_events")}
    assert {row[0] for row in real.landed["events"]} == uuids
