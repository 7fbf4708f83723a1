"""The rows of each dataset about users as they should be."""

import pandas as pd

from tests.integration.training.recount import (
    BEGIN,
    DAY,
    LOGINS,
    MESSAGES,
    MONTH,
    SESSIONS,
    Facts,
    between,
    count,
    distinct,
    last_action,
    level_of,
    placed,
    score_of,
)

TYPES = {
    "session_count": SESSIONS,
    "login_count": LOGINS,
    "message_count": MESSAGES,
    "mention_count": "mention",
    "group_created_count": "group_created",
    "group_joined_count": "group_joined",
    "report_count": "report_filed",
    "profile_added_count": "profile_added_to_collection",
    "experience_added_count": "experience_added",
    "education_added_count": "education_added",
    "closet_add_count": "closet_adds",
    "wishlist_add_count": "wishlist_adds",
    "offer_created_count": "offers_created",
    "offer_accepted_count": "offers_accepted",
    "trade_machine_click_count": "trade_machine_clicks",
    "confirmed_trade_count": "confirmed_trades",
    "post_count": "post",
    "comment_count": "comment",
    "vote_count": "vote",
    "collection_count": "collection_created",
    "share_count": "collection_shared",
}


def counts(rows: pd.DataFrame, actions: pd.DataFrame) -> dict[str, pd.Series]:
    """Count the actions of each row by type."""
    by_type = {name: count(rows, actions, one) for name, one in TYPES.items()}
    return {**by_type, "action_count": count(rows, actions)}


def activation(facts: Facts) -> pd.DataFrame:
    """Whoever signed up, from a day later on."""
    rows = facts.users.assign(as_of_at=facts.users.signup_at + DAY)
    rows = rows[rows.as_of_at + MONTH <= facts.known_until]
    day = between(rows, facts, rows.signup_at, rows.as_of_at)
    before = between(rows, facts, BEGIN, rows.as_of_at)
    month = between(rows, facts, rows.as_of_at, rows.as_of_at + MONTH)
    month = month[month.is_activation]
    week = month[month.occurred_at < month.start + 7 * DAY]
    signed_up = rows.signup_at.dt
    rows = rows.assign(
        **counts(rows, day),
        signup_weekday=signed_up.weekday + 1,
        signup_hour=signed_up.hour,
        is_app_tracked=rows.signup_at >= facts.tracking_started_at,
        label_activated_7_days=count(rows, week) > 0,
        label_activated_30_days=count(rows, month) > 0,
    )
    return rows[count(rows, before[before.is_activation]) == 0]


def engagement(facts: Facts) -> pd.DataFrame:
    """Whoever signed up, once in 30 days."""
    rows = pd.concat(
        facts.users.assign(
            days_since_signup=30 * number,
            as_of_at=facts.users.signup_at + number * MONTH,
        )
        for number in range(1, 40)
    ).reset_index(drop=True)
    rows = rows[rows.as_of_at + 2 * MONTH <= facts.known_until]
    rows = rows[rows.as_of_at >= facts.tracking_started_at]
    past = between(rows, facts, rows.as_of_at - MONTH, rows.as_of_at)
    coming = between(rows, facts, rows.as_of_at, rows.as_of_at + MONTH)
    later = between(rows, facts, rows.as_of_at + MONTH, rows.as_of_at + 2 * MONTH)
    return rows.assign(
        **counts(rows, past),
        activity_type_count=distinct(rows, past, past.activity_type),
        active_day_count=distinct(rows, past, (past.occurred_at - past.start) // DAY),
        engagement_score=score_of(rows, past),
        engagement_level=level_of(rows, past),
        days_since_last_action=(rows.as_of_at - last_action(rows, facts)) // DAY,
        is_app_tracked=rows.as_of_at - MONTH >= facts.tracking_started_at,
        label_engagement_level=level_of(rows, coming),
        label_retained=count(rows, later) > 0,
    )


def churn(facts: Facts) -> pd.DataFrame:
    """Whoever was active in the 30 days before a month ended."""
    ends = pd.date_range(BEGIN, facts.known_until - 60 * DAY, freq="MS")
    rows = facts.users.merge(pd.Series(ends, name="as_of_at"), how="cross")
    rows = rows[rows.signup_at < rows.as_of_at]
    rows = rows[rows.as_of_at >= facts.tracking_started_at]
    past = {
        days: between(rows, facts, rows.as_of_at - days * DAY, rows.as_of_at)
        for days in (7, 30, 90)
    }
    for days, actions in past.items():
        active_dates = distinct(rows, actions, actions.occurred_at.dt.date)
        rows[f"actions_{days}_days"] = count(rows, actions)
        rows[f"active_days_{days}_days"] = active_dates
    future = between(rows, facts, rows.as_of_at, rows.as_of_at + 60 * DAY)
    rows = rows.assign(
        messages_30_days=count(rows, past[30], MESSAGES),
        logins_30_days=count(rows, past[30], LOGINS),
        sessions_30_days=count(rows, past[30], SESSIONS),
        longest_gap_days=longest_gap(rows, past[90]),
        days_since_last_action=(rows.as_of_at - last_action(rows, facts)) // DAY,
        tenure_days=(rows.as_of_at - rows.signup_at) // DAY,
        is_app_tracked=rows.as_of_at - 90 * DAY >= facts.tracking_started_at,
        label_churned=count(rows, future) == 0,
    )
    rows = rows[rows.actions_30_days > 0]
    weekly, monthly = rows.actions_7_days / 7, rows.actions_30_days / 30
    return rows.assign(weekly_trend=weekly / monthly)


def longest_gap(rows: pd.DataFrame, actions: pd.DataFrame) -> pd.Series:
    """Find the most days from one active day to the next."""
    keys = ["user_key", "as_of_at"]
    days = actions.assign(date=actions.occurred_at.dt.floor("D"))
    days = days.sort_values("date").drop_duplicates([*keys, "date"])
    gaps = days.groupby(keys).date.agg(lambda dates: dates.diff().max())
    return placed(rows, gaps, pd.NaT) // DAY
