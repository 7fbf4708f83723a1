"""Names for what nobody had foreseen."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from stand_ins.llm import faults
from steps.insights import themes
from steps.insights.tables import Answers
from tests.helpers.kill_points import Killed
from tests.steps.insights.insights_warehouse import DAY, InsightsWarehouse
from tests.steps.insights.test_kills import killed_at
from tests.steps.warehouses import Row, mart_table, write_tables

SIGNED_OUT, READ_ALOUD = "Is signed out again and again", "Wants answers read aloud"


def answer(number: int, note: str | None, **others: Any) -> Row:  # noqa: ANN401
    return {
        "cache_key": f"key{number}",
        "user_key": f"person{number}",
        "day": DAY,
        "note": note,
        "answered_at": datetime(2026, 3, 3, tzinfo=UTC),
    } | others


def add_answers(insights: InsightsWarehouse, rows: list[Row]) -> None:
    write_tables(
        insights.url, {"more.facets": mart_table("stg_insights__facets", rows)}
    )
    insights.execute("insert into insights.facets select * from more.facets")


@pytest.fixture
def noted(insights: InsightsWarehouse) -> InsightsWarehouse:
    """Six people with notes; the first answer about one of them is an older one."""
    notes = [SIGNED_OUT] * 4 + [READ_ALOUD] * 2
    earlier = datetime(2026, 3, 2, tzinfo=UTC)
    add_answers(
        insights,
        [
            *(answer(number, note) for number, note in enumerate(notes)),
            answer(7, "An older note", user_key="person0", answered_at=earlier),
            answer(8, None),
        ],
    )
    insights.monkeypatch.setattr(themes, "NOTES_PER_CALL", 4)
    return insights


def sizes(insights: InsightsWarehouse) -> dict[str, int]:
    rows = insights.rows(
        "select name, count(*) as notes from insights.theme_notes "
        "inner join insights.themes using (theme_id) group by name"
    )
    return {row["name"]: row["notes"] for row in rows}


def test_notes_are_assigned_to_names(noted: InsightsWarehouse) -> None:
    code, told = noted.run("themes")
    assert code == 0
    assert told.startswith("themes: 2 names for 6 notes of 6 people, 0.0")
    assert sizes(noted) == {SIGNED_OUT: 4, READ_ALOUD: 2}
    purposes = noted.rows("select purpose, status, user_key, day from insights.calls")
    expected = {"status": "ok", "user_key": None, "day": None}
    assert [row.pop("purpose") for row in purposes] == [
        *["theme_names"] * 2,
        *["theme_assignment"] * 2,
    ]
    assert purposes == [expected] * 4
    noted.run("themes")
    assert len(noted.asked()) == 4


def test_names_are_short_few_and_nobodys(noted: InsightsWarehouse) -> None:
    names = [
        "Write to ann@mail.example",
        "<b>Louder</b>",
        f"Much {'too ' * 20}long",
        *(f"Theme {number}" for number in range(30)),
    ]
    noted.stand_in.faults.extend([None, faults.answers({"themes": names})])
    noted.run("themes")
    named = [row["name"] for row in noted.rows("select name from insights.themes")]
    assert len(named) == 20
    assert named[0] == "bLouder/b"
    assert len(named[1]) == 60


def test_a_number_that_is_no_theme_is_none(noted: InsightsWarehouse) -> None:
    wrong = [{"note": 1, "theme": 99}, {"note": 2, "theme": 0}, {"note": 9, "theme": 1}]
    answered = faults.answers({"assignments": wrong})
    noted.stand_in.faults.extend([None, None, answered])
    noted.run("themes")
    assert sizes(noted) == {READ_ALOUD: 2}
    assert noted.rows("select count(*) as notes from insights.theme_notes") == [
        {"notes": 6}
    ]


def test_fewer_people_than_a_group_have_no_themes(insights: InsightsWarehouse) -> None:
    alike = {"user_key": "person0"}
    days = [answer(number, SIGNED_OUT) for number in range(4)]
    others = [answer(9, SIGNED_OUT, **alike, day=DAY.replace(day=9))]
    add_answers(insights, [*days, *others])
    _, told = insights.run("themes")
    assert "5 notes of 4 people; fewer than 5 people have no themes" in told
    assert insights.asked() == []


def test_a_killed_run_goes_on(noted: InsightsWarehouse) -> None:
    # two calls to name, the names, a call to assign, and its notes
    with noted.monkeypatch.context() as patched:
        patched.setattr(Answers, "write", killed_at(Answers.write, 5, is_after=True))
        with pytest.raises(Killed):
            noted.run("themes")
    noted.run("themes")
    assert sizes(noted) == {SIGNED_OUT: 4, READ_ALOUD: 2}
    assert len(noted.asked()) == 4


def test_notes_are_all_that_is_sent(noted: InsightsWarehouse) -> None:
    noted.run("themes")
    first = json.loads(noted.asked()[0]["messages"][1]["content"])
    assert first["known"] == []
    assert first["notes"][0] == {"number": 1, "text": SIGNED_OUT}
    assert "person0" not in str(noted.asked())
