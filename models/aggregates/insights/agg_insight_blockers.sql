with

groups as (
    select * from {{ ref('int_insight_groups') }}
    where facet = 'blocker'
),

user_days as (select * from {{ ref('int_assistant_user_days') }}),

users as (
    select * from {{ ref('int_assistant_users') }}
    where is_eligible
),

conversations as (select * from {{ ref('fct_conversations') }}),

jobs as (
    select * from {{ ref('fct_service_jobs') }}
    where status = 'failed'
),

dates as (select * from {{ ref('dim_date') }}),

coverage as (
    select * from {{ ref('int_data_coverage') }}
    where subject = 'assistant'
),

weeks as (
    select
        dates.week_start_date,
        count(distinct user_days.user_key) as active_assistant_users
    from user_days
    inner join dates
        on user_days.date_day = dates.date_day
    inner join coverage
        on coverage.open_from_date >= dates.week_start_date + 7
    group by dates.week_start_date
),

-- what needs no model to be seen
seen as (
    select
        user_key,
        case
            when error_kind = 'out_of_credits' then 'out_of_credits'
            else 'tool_failed'
        end as blocker,
        {{ reporting_date('created_at') }} as seen_date
    from jobs

    union all

    select
        user_key,
        'out_of_credits' as blocker,
        {{ reporting_date('started_at') }} as seen_date
    from conversations
    where completion_status = 'blocked_by_credits'
),

measured as (
    select
        dates.week_start_date,
        seen.blocker,
        weeks.active_assistant_users,
        count(distinct seen.user_key) as seen_users
    from seen
    inner join users
        on seen.user_key = users.user_key
    inner join dates
        on seen.seen_date = dates.date_day
    inner join weeks
        on dates.week_start_date = weeks.week_start_date
    group by dates.week_start_date, seen.blocker, weeks.active_assistant_users
),

final as (
    select
        coalesce(groups.period_start_date, measured.week_start_date)
            as week_start_date,

        coalesce(groups.code, measured.blocker) as blocker,

        groups.people,
        groups.answers,
        groups.answered_conversations,
        groups.period_answers,
        groups.answer_share,
        groups.answer_share_low,
        groups.answer_share_high,
        measured.seen_users,
        measured.active_assistant_users
    from groups
    full outer join measured
        on
            groups.period_start_date = measured.week_start_date
            and groups.code = measured.blocker
)

select * from final
