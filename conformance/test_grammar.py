"""What the loader sends is HogQL, by PostHog's own grammar."""

import pytest

from conformance.grammar import GrammarError, parse
from conformance.recording import NOW, Recording
from stand_ins.posthog import Store
from stand_ins.posthog.hogql import HogQLError, translate

# Every kind of question the loader has; what it lacks here it was not heard asking.
KINDS = (
    "now() as server_now",
    "toDate(toTimeZone(timestamp, 'UTC')) as day",
    "toDate(toTimeZone(created_at, 'UTC')) as day",
    "intDiv(cityHash64(distinct_id), ",
    "intDiv(cityHash64(uuid), ",
    "as answer_rows, count() as row_count, sum(cityHash64(uuid) % 4294967296)",
    "uniqExact((uuid, created_at))",
    "{request} as request, count() over () as answer_rows",
    "select uuid, event, distinct_id, event_person_id",
    "toUnixTimestamp64Milli(timestamp) <",
    "cityHash64(uuid) >= {uuid_first}",
    "from persons where",
    "from raw_person_distinct_ids where",
)


@pytest.mark.parametrize("kind", KINDS)
def test_every_query_of_the_loader_is_hogql(recording: Recording, kind: str) -> None:
    texts = [hogql for hogql, _ in recording.queries if kind in hogql]
    assert texts, "the load did not ask this"
    for hogql in texts:
        assert parse(hogql)["node"] == "SelectQuery"


def test_nothing_else_was_asked(recording: Recording) -> None:
    others = [
        hogql
        for hogql, _ in recording.queries
        if not any(kind in hogql for kind in KINDS)
    ]
    assert others == []


@pytest.mark.parametrize(
    "hogql",
    ["", "selec 1", "select 'open", "select 1; select 2", "drop table events"],
)
def test_the_stand_in_refuses_what_the_grammar_refuses(hogql: str) -> None:
    with pytest.raises(GrammarError):
        parse(hogql)
    with pytest.raises(HogQLError):
        Store().select(translate(hogql, {}).sql, NOW)
