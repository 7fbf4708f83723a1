"""The training rows of the users once more, with pandas, from the tables of core.

Written from the documentation of the datasets. Every row meets every action of its user
and keeps those in its window, so it shares no idea with the models.
"""

from dataclasses import dataclass

import pandas as pd

from loaders.contract import read_contract
from tests.integration.conftest import Warehouse

DAY = pd.Timedelta(days=1)
MONTH = 30 * DAY
BEGIN = pd.Timestamp("2025-01-01", tz="UTC")
SESSIONS, LOGINS, MESSAGES = "sessions", "login", "message_sent"


@dataclass(frozen=True)
class Facts:
    """What is known in core.

    Attributes:
        known_until: Until when every source is known.
        users: Counted users who signed up, with the time.
        actions: Their own actions, with when they became void.
    """

    known_until: pd.Timestamp
    tracking_started_at: pd.Timestamp
    users: pd.DataFrame
    actions: pd.DataFrame


def read_facts(warehouse: Warehouse) -> Facts:
    """Read the facts of a warehouse."""
    [now] = warehouse.rows("select * from intermediate.int_as_of")
    users = warehouse.table(
        "select user_key, signup_at from core.dim_users "
        "where signup_at is not null and not is_test_account and not is_deleted"
    ).to_pandas()
    columns = "user_key, activity_type, is_activation, occurred_at"
    actions = warehouse.table(
        f"select {columns}, cast(null as timestamptz) as voided_at "
        "from core.fct_user_activity where is_own_action union all "
        f"select {columns}, voided_at "
        "from intermediate.int_activity_identified cross join intermediate.int_as_of "
        "where is_own_action and voided_at <= as_of and occurred_at <= as_of"
    ).to_pandas()
    weights = warehouse.table(
        "select activity_type, engagement_weight from seeds.activity_types"
    ).to_pandas()
    return Facts(
        known_until(warehouse),
        pd.Timestamp(now["tracking_started_at"]),
        users,
        actions.merge(weights, how="left").fillna({"engagement_weight": 0}),
    )


def known_until(warehouse: Warehouse) -> pd.Timestamp:
    """Find where the load of the source that lags most began."""
    ledgers = " union all ".join(
        f"select max(known_until_at) as moment from staging_{source}._loads"
        for source in read_contract()["sources"]
        if source != "telemetry"  # which is of no people
    )
    [known] = warehouse.rows(f"select min(moment) as moment from ({ledgers}) as loads")
    return pd.Timestamp(known["moment"])


def between(
    rows: pd.DataFrame, facts: Facts, start: pd.Series, end: pd.Series
) -> pd.DataFrame:
    """Return the actions in a window of each row that stood when the window ended."""
    windows = rows[["user_key", "as_of_at"]].assign(start=start, end=end)
    pairs = windows.merge(facts.actions, on="user_key")
    return pairs[
        (pairs.occurred_at >= pairs.start)
        & (pairs.occurred_at < pairs.end)
        & (pairs.voided_at.isna() | (pairs.voided_at >= pairs.end))
    ]


def placed(rows: pd.DataFrame, counted: pd.Series, default: object = 0) -> pd.Series:
    """Lay what was counted by user and as_of_at on the rows."""
    index = pd.MultiIndex.from_frame(rows[["user_key", "as_of_at"]])
    found = counted.reindex(index, fill_value=default)
    return pd.Series(found.to_numpy(), index=rows.index)


def count(rows: pd.DataFrame, actions: pd.DataFrame, *types: str) -> pd.Series:
    """Count the actions of each row, all or those of some types."""
    chosen = actions[actions.activity_type.isin(types)] if types else actions
    return placed(rows, chosen.groupby(["user_key", "as_of_at"]).size())


def levels(scores: pd.Series, action_counts: pd.Series) -> pd.Series:
    """Name the engagement levels of scores."""
    level = pd.Series("inactive", index=scores.index)
    level[action_counts > 0] = "lurker"
    level[scores > 0] = "casual"
    level[scores >= 20] = "active"
    level[scores >= 50] = "power"
    return level


def last_action(rows: pd.DataFrame, facts: Facts) -> pd.Series:
    """Find the last action before each row that stood then, with merge_asof."""
    lasting = facts.actions[facts.actions.voided_at.isna()]
    found = pd.merge_asof(
        rows.reset_index().sort_values("as_of_at"),
        lasting[["user_key", "occurred_at"]].sort_values("occurred_at"),
        left_on="as_of_at",
        right_on="occurred_at",
        by="user_key",
        allow_exact_matches=False,
    ).set_index("index")
    void = between(
        rows,
        Facts(
            facts.known_until,
            facts.tracking_started_at,
            facts.users,
            facts.actions[facts.actions.voided_at.notna()],
        ),
        BEGIN,
        rows.as_of_at,
    )
    last_void = placed(
        rows, void.groupby(["user_key", "as_of_at"]).occurred_at.max(), pd.NaT
    )
    return pd.concat([found.occurred_at, last_void], axis=1).max(axis=1)


def level_of(rows: pd.DataFrame, actions: pd.DataFrame) -> pd.Series:
    """Name the engagement level that the actions of each row make."""
    return levels(score_of(rows, actions), count(rows, actions))


def score_of(rows: pd.DataFrame, actions: pd.DataFrame) -> pd.Series:
    """Add up the engagement weights of the actions of each row."""
    weights = actions.groupby(["user_key", "as_of_at"]).engagement_weight.sum()
    return placed(rows, weights).astype("int64")


def distinct(rows: pd.DataFrame, actions: pd.DataFrame, values: pd.Series) -> pd.Series:
    """Count different values over the actions of each row."""
    named = actions[["user_key", "as_of_at"]].assign(value=values)
    return placed(rows, named.groupby(["user_key", "as_of_at"]).value.nunique())
