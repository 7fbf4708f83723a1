"""Marts of an assistant: 40 people, whose conversations a stand-in has read."""

from datetime import date
from typing import Any

from steps.report.assistant import Assistant
from steps.report.assistant.data import ORDER
from tests.steps.warehouses import Row, declared_types

WEEK, MONTH = date(2026, 10, 19), date(2026, 9, 1)
STEPS = {
    "signed_up": 40,
    "first_conversation": 36,
    "used_tool": 32,
    "made_result": 30,
    "kept_result": 24,
    "used_up_credits": 8,
    "came_back": 6,
}
ROWS: dict[str, list[Row]] = {
    "agg_assistant_funnel": [
        {
            "signup_month_start_date": month,
            "assistant_step": step,
            "step_number": number,
            "users": users // 2,
        }
        for month in (date(2026, 8, 1), MONTH)
        for number, (step, users) in enumerate(STEPS.items(), 1)
    ],
    "agg_assistant_retention": [
        {
            "age_unit": "day",
            "age": 7,
            "assistant_signups": signups,
            "users_back": back,
            "is_mature": back is not None,
        }
        for signups, back in ((20, 3), (12, 5), (8, None))
    ],
    "agg_credit_exhaustion": [
        {
            "plan": plan,
            "assistant_signups": 20,
            "exhausted_users": exhausted,
            "users_back_without_credits": back,
        }
        for plan, exhausted, back in (("beta", 5, 4), ("pro", 3, 2))
    ],
    "agg_product_market_fit": [
        {
            "week_start_date": WEEK,
            "signal_name": "sharing",
            "meaning": "strong",
            "market_fit_verdict": "strong",
            "sample_size": 36,
            "signal_value": 0.25,
        }
    ],
    "agg_tool_failures": [
        {
            "week_start_date": WEEK,
            "service": "image_gen",
            "error_kind": "timeout",
            "tool_jobs": 50,
            "failed_jobs": 5,
            "affected_users": 4,
            "failure_share": 0.1,
        }
    ],
    "agg_insight_intents": [
        {
            "week_start_date": week,
            "facet": "primary_intent",
            "code": code,
            "people": people,
            "period_answers": 32,
            "answer_share": share,
            "answer_share_low": share - 0.0625,
            "answer_share_high": share + 0.0625,
        }
        for week, code, people, share in (
            (WEEK, "make_image", 12, 0.5),
            (WEEK, "search", 8, 0.3125),
            (WEEK, "withheld", 6, 0.1875),
            (date(2026, 10, 12), "make_video", 30, 0.9375),
        )
    ],
    "agg_insight_blockers": [
        {
            "week_start_date": WEEK,
            "blocker": "slow",
            "people": 9,
            "answer_share": 0.3,
            "answer_share_low": 0.3,
            "answer_share_high": 1 - (1 - 0.3),  # as SQL rounds it: everyone was asked
        },
        {
            "week_start_date": WEEK,
            "blocker": "tool_failed",
            "seen_users": 7,
            "active_assistant_users": 28,
        },
    ],
    "agg_insight_feature_requests": [
        {"month_start_date": MONTH, "feature_area": "withheld"}
    ],
    "agg_insight_coverage": [
        {
            "day": WEEK,
            "active_people": 40,
            "consenting_people": 34,
            "chosen_people": 34,
            "answered_people": 32,
            "failed_people": 2,
            "too_new_people": 1,
        }
    ],
    "agg_llm_costs": [
        {
            "model": "stand-in-keywords",
            "currency": "USD",
            "calls": calls,
            "failed_calls": 1,
            "call_cost": 0.25,
        }
        for calls in (20, 14)
    ],
}


def assistant(**others: list[Row]) -> Assistant:
    """Return the marts, some of them with other rows."""
    given: dict[str, list[Any]] = {mart: [] for mart in ORDER} | ROWS | others
    return Assistant(
        {
            mart: [dict.fromkeys(declared_types(mart)) | row for row in rows]
            for mart, rows in given.items()
        }
    )


NOT_READ: dict[str, list[Row]] = {
    mart: [] for mart in ORDER if mart.startswith(("agg_insight", "agg_llm"))
}
NOTHING: dict[str, list[Row]] = {mart: [] for mart in ORDER}
