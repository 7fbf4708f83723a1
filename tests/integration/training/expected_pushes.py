"""The rows of the dataset about pushes as they should be."""

import pandas as pd

from tests.integration.conftest import Warehouse
from tests.integration.training.recount import DAY, known_until

HOUR = pd.Timedelta(hours=1)
METRICS = {
    "sessions": "sessions_per_day",
    "closet_adds": "closet_adds_per_day",
    "wishlist_adds": "wishlist_adds_per_day",
    "offers_created": "offers_created_per_day",
    "offers_accepted": "offers_accepted_per_day",
    "trade_machine_clicks": "trade_machine_clicks_per_day",
    "confirmed_trades": "confirmed_trades_per_day",
}
PUSHES = """
select
    notifications.user_key, notifications.campaign_key,
    notifications.sent_at as as_of_at, campaigns.content_class,
    case when not campaigns.is_layer_inferred then campaigns.layer_id end as layer_id,
    campaigns.is_test or users.is_test_account or users.is_deleted as is_left_out,
    users.app_first_seen_at
from core.fct_notifications as notifications
inner join core.dim_campaigns as campaigns using (campaign_key)
inner join core.dim_users as users using (user_key)
"""


def push_response(warehouse: Warehouse) -> pd.DataFrame:
    """Every push that reached a user, once what followed is loaded."""
    pushes = warehouse.table(PUSHES).to_pandas().sort_values("as_of_at")
    actions = warehouse.table(
        "select user_key, activity_type, occurred_at from core.fct_user_activity"
    ).to_pandas()
    actions = actions[actions.activity_type.isin(METRICS)]
    [now] = warehouse.rows("select * from intermediate.int_as_of")
    pushes = with_history(pushes, pd.Timestamp(now["tracking_started_at"]))
    rows = pushes[
        ~pushes.is_left_out
        & (pushes.as_of_at >= now["tracking_started_at"])
        & (pushes.as_of_at + 2 * DAY <= known_until(warehouse))
    ]
    return with_counts(rows, actions)


def with_history(
    pushes: pd.DataFrame, tracking_started_at: pd.Timestamp
) -> pd.DataFrame:
    """Add what was sent before each push and how long the person was known."""
    sent = pushes[["user_key", "as_of_at"]]
    previous = pd.merge_asof(
        pushes,
        sent.assign(previous_at=sent.as_of_at),
        on="as_of_at",
        by="user_key",
        allow_exact_matches=False,
    ).previous_at
    waited = pushes.as_of_at - pd.Series(previous.array, pushes.index)
    pairs = pushes.reset_index().merge(sent, on="user_key", suffixes=("", "_other"))
    apart = pairs.as_of_at - pairs.as_of_at_other
    recent = pairs[(apart > 0 * DAY) & (apart <= 30 * DAY)].groupby("index").size()
    first = sent.groupby("user_key").as_of_at.min().reindex(pushes.user_key)
    seen = pd.concat(
        [pushes.app_first_seen_at, pd.Series(first.to_numpy(), pushes.index)], axis=1
    ).min(axis=1)
    baseline = (pushes.as_of_at - seen.clip(lower=tracking_started_at)) // HOUR
    return pushes.assign(
        hours_since_previous_push=waited // HOUR,
        pushes_previous_30_days=recent.reindex(pushes.index, fill_value=0),
        days_since_first_seen=(pushes.as_of_at - seen) // DAY,
        baseline_hours=baseline.clip(0, 720),
        send_hour=pushes.as_of_at.dt.hour,
        send_weekday=pushes.as_of_at.dt.weekday + 1,
    )


def with_counts(rows: pd.DataFrame, actions: pd.DataFrame) -> pd.DataFrame:
    """Add the rates before each push and what followed it."""
    pairs = rows.reset_index().merge(actions, on="user_key")
    start = pairs.as_of_at - pairs.baseline_hours * HOUR
    before = pairs[(pairs.occurred_at >= start) & (pairs.occurred_at < pairs.as_of_at)]
    after = pairs[
        (pairs.occurred_at >= pairs.as_of_at)
        & (pairs.occurred_at < pairs.as_of_at + 2 * DAY)
        & (pairs.activity_type != "sessions")
    ]
    responses = after.groupby("index").size().reindex(rows.index, fill_value=0)
    days = (rows.baseline_hours / 24).where(rows.baseline_hours >= 168)
    rates = {}
    for metric, name in METRICS.items():
        done = before[before.activity_type == metric].groupby("index").size()
        rates[name] = done.reindex(rows.index, fill_value=0) / days
    usual = before[before.activity_type != "sessions"].groupby("index").size()
    usual = usual.reindex(rows.index, fill_value=0) / days
    return rows.assign(
        **rates,
        label_responded_48_hours=responses > 0,
        label_lift_per_day=responses / 2 - usual,
    )
