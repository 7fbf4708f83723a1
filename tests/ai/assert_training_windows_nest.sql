select
    'ai_activation' as dataset,
    user_key,
    as_of_at
from {{ ref('ai_activation') }}
where label_activated_7_days and not label_activated_30_days

union all

select
    'ai_churn' as dataset,
    user_key,
    as_of_at
from {{ ref('ai_churn') }}
where
    actions_7_days > actions_30_days
    or actions_30_days > actions_90_days
    or active_days_7_days > active_days_30_days
    or active_days_30_days > active_days_90_days
    or active_days_7_days > actions_7_days
    or active_days_30_days > actions_30_days
    or messages_30_days + logins_30_days + sessions_30_days > actions_30_days

union all

select
    'ai_engagement' as dataset,
    user_key,
    as_of_at
from {{ ref('ai_engagement') }}
where
    active_day_count > action_count
    or activity_type_count > action_count
    or (action_count > 0) <> (engagement_level <> 'inactive')

union all

select
    'ai_return' as dataset,
    user_key,
    as_of_at
from {{ ref('ai_return') }}
where
    active_day_count not between 1 and 7
    or active_day_count > conversation_count
    or days_since_last_conversation > 7 - active_day_count
    or jobs_ok + jobs_failed > jobs_started
    or tool_count > jobs_started
