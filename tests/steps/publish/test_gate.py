"""What speaks against publishing, of a chain source > view > table > table."""

from datetime import UTC, datetime

import pytest

from steps.publish.gate import STATISTICS, check_gate, loads_of, reasons
from tests.steps.publish.publish_warehouse import PROJECT, model, quality_test
from warehouse.errors import UserError
from warehouse.states import LIFT, State

NOW = datetime(2026, 1, 31, tzinfo=UTC)
VIEW, USERS, DAYS, CAMPAIGNS, TEST = (
    f"model.{PROJECT}.stg_users",
    f"model.{PROJECT}.dim_users",
    f"model.{PROJECT}.agg_days",
    f"model.{PROJECT}.agg_campaigns",
    f"test.{PROJECT}.users_are_unique",
)
MANIFEST = {
    "nodes": {
        VIEW: model(
            "staging.stg_users", [f"source.{PROJECT}.staging_neon.users"], "view"
        ),
        USERS: model("core.dim_users", [VIEW]),
        DAYS: model("aggregates.agg_days", [USERS]),
        CAMPAIGNS: model(
            "aggregates.agg_campaigns", [USERS, f"source.{PROJECT}.lift.campaign_lift"]
        ),
        TEST: quality_test("core.dim_users", "unique", ["user_key"])
        | {"name": "users_are_unique"},
    },
    "exposures": {STATISTICS: {"depends_on": {"nodes": [DAYS]}}},
}


def state(run: int, status: str = "success", load_run: int = 1) -> State:
    return State(run, load_run, status, NOW)


WELL = {
    "load.neon": state(1),
    **{name: state(2) for name in (VIEW, USERS, DAYS)},
    TEST: state(2, "pass"),
    LIFT: state(3),
    CAMPAIGNS: state(4),
}


def test_a_whole_build_may_be_published() -> None:
    assert reasons(MANIFEST, WELL, ["neon"]) == {}
    assert loads_of(MANIFEST, WELL) == [1]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({TEST: state(2, "fail")}, {"users_are_unique"}),
        ({TEST: state(2, "error")}, {"users_are_unique"}),
        ({TEST: state(2, "warn")}, set()),
        ({TEST: None}, {"untested"}),
        ({TEST: state(2, "skipped")}, {"untested"}),
        # killed while it ran
        ({DAYS: state(2, "started")}, {"unfinished"}),
        ({DAYS: state(2, "error")}, {"unfinished"}),
        # the users were built once more, and nothing after them
        ({USERS: state(9)}, {"outdated", "untested"}),
        ({USERS: state(9), TEST: state(9, "pass")}, {"outdated"}),
        # the statistics were computed anew, or before the days, or never
        ({LIFT: state(9)}, {"outdated"}),
        ({DAYS: state(9)}, {"lift"}),
        ({LIFT: None}, {"lift"}),
        ({"load.neon": state(5, "error")}, {"neon"}),
        ({"load.neon": state(5, "started")}, {"neon"}),
        ({"load.neon": None}, {"neon"}),
        # a later load that nothing was built of
        ({"load.neon": state(5)}, set()),
    ],
)
def test_what_speaks_against_publishing(changes: dict, expected: set[str]) -> None:
    states = {name: value for name, value in (WELL | changes).items() if value}
    assert reasons(MANIFEST, states, ["neon"]).keys() == expected


def test_tables_of_two_loads_are_mixed() -> None:
    sessions = f"model.{PROJECT}.fct_sessions"
    nodes = MANIFEST["nodes"] | {sessions: model("core.fct_sessions", [VIEW])}
    mixed = WELL | {sessions: state(6, load_run=5)}
    assert reasons(MANIFEST | {"nodes": nodes}, mixed, ["neon"]).keys() == {
        "mixed_loads"
    }


def test_a_source_that_is_not_configured_need_not_be_loaded() -> None:
    states = {name: value for name, value in WELL.items() if name != "load.neon"}
    assert reasons(MANIFEST, states, []) == {}


def test_nothing_built_cannot_be_allowed() -> None:
    with pytest.raises(UserError, match="nothing is built.*`make build`"):
        check_gate(MANIFEST, {"load.neon": state(1)}, ["neon"], ["unfinished"])


def test_each_reason_is_allowed_by_its_name() -> None:
    states = WELL | {TEST: state(2, "fail"), "load.neon": state(5, "error")}
    allowed = ["neon", "users_are_unique", "lift"]
    assert check_gate(MANIFEST, states, ["neon"], allowed) == [
        "neon",
        "users_are_unique",
    ]
    with pytest.raises(UserError) as refused:
        check_gate(MANIFEST, states, ["neon"], ["neon"])
    assert str(refused.value) == (
        "nothing is published. users_are_unique: the test fails. "
        "--allow NAME lets one pass"
    )
    with pytest.raises(UserError, match="--allow users_are_uniqe: no reason"):
        check_gate(MANIFEST, states, ["neon"], ["users_are_uniqe"])
