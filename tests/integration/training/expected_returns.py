"""The rows of the dataset about the assistant as they should be."""

import pandas as pd

from tests.integration.conftest import Warehouse
from tests.integration.training.recount import DAY, count, distinct, known_until, placed

PEOPLE = """
select user_key, min(created_at) as signup_at
from core.dim_users
inner join core.bridge_user_identities as identities using (user_key)
inner join staging_assistant.users as accounts
    on identities.source_system = 'assistant' and identities.source_id = accounts.id
where not is_test_account and not is_deleted
group by user_key
"""
DONE = """
select user_key, activity_type, occurred_at from core.fct_user_activity
"""
SAID = """
select
    user_key, messages.role as activity_type, messages.created_at as occurred_at
from staging_assistant.messages as messages
inner join staging_assistant.conversations as conversations
    on messages.conversation_id = conversations.id
inner join core.bridge_user_identities as identities
    on identities.source_system = 'assistant'
    and conversations.user_id = identities.source_id
"""
JOBS = """
select
    user_key, service, status as activity_type, error_kind, credits_used,
    created_at as occurred_at, coalesce(completed_at, created_at) as ended_at
from core.fct_service_jobs
"""


def returns(warehouse: Warehouse) -> pd.DataFrame:
    """Whoever talked in the first week, once day 30 is over, in days of UTC."""
    rows = warehouse.table(PEOPLE).to_pandas()
    rows["begin"] = rows.signup_at.dt.floor("D")
    rows["as_of_at"] = rows.begin + 7 * DAY
    rows = rows[rows.begin + 31 * DAY <= known_until(warehouse)]
    did, said, jobs = (
        warehouse.table(sql).to_pandas().merge(rows, on="user_key")
        for sql in (DONE, SAID, JOBS)
    )
    talks = did[did.activity_type == "conversation_started"]
    ages = talks.assign(age=(talks.occurred_at - talks.begin) // DAY)
    did, talked, said, jobs = (within(one) for one in (did, talks, said, jobs))
    ended = jobs[jobs.ended_at < jobs.as_of_at]
    missing = ended[ended.error_kind == "out_of_credits"]
    last = talked.groupby(["user_key", "as_of_at"]).occurred_at.max()
    since = rows.as_of_at - placed(rows, last, pd.NaT).dt.floor("D")
    credits_used = ended.groupby(["user_key", "as_of_at"]).credits_used.sum()
    rows = rows.assign(
        conversation_count=count(rows, talked),
        active_day_count=distinct(rows, talked, talked.occurred_at.dt.floor("D")),
        days_since_last_conversation=since // DAY - 1,
        user_turns=count(rows, said, "user"),
        assistant_turns=count(rows, said, "assistant"),
        tool_count=distinct(rows, jobs, jobs.service),
        jobs_started=count(rows, jobs),
        jobs_ok=count(rows, ended, "completed"),
        jobs_failed=count(rows, ended, "failed"),
        credits_used=placed(rows, credits_used),
        download_count=count(rows, did, "result_downloaded"),
        share_count=count(rows, did, "result_shared"),
        has_used_up_credits=count(rows, did, "credit_limit_reached")
        + count(rows, missing)
        > 0,
        label_back_on_day_7=count(rows, ages[ages.age == 7]) > 0,
        label_back_on_day_30=count(rows, ages[ages.age == 30]) > 0,
    )
    return rows[rows.conversation_count > 0]


def within(actions: pd.DataFrame) -> pd.DataFrame:
    """Return the actions of the first week."""
    return actions[
        (actions.occurred_at >= actions.begin)
        & (actions.occurred_at < actions.as_of_at)
    ]
