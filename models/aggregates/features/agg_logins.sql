with

days as (
    select * from {{ ref('int_feature_days') }}
    where feature = 'logins'
),

activity as (select * from {{ ref('int_eligible_activity') }}),

coverage as (select * from {{ ref('int_data_coverage') }}),

-- one row per user first, so that a plain count is one of distinct users
daily_users as (
    select
        metric_date,
        user_key,
        count(*) filter (where activity_type = 'login') as logins,
        count(*) filter (where activity_type = 'sessions') as sessions
    from activity
    where activity_type in ('login', 'sessions')
    group by 1, 2
),

daily_counts as (
    select
        metric_date,
        sum(logins) as logins,
        count(*) filter (where logins > 0) as logged_in_users,
        sum(sessions) as sessions,
        count(*) filter (where sessions > 0) as visitors
    from daily_users
    group by 1
),

-- visits come from another system than logins
marked as (
    select
        days.metric_date,
        days.is_complete as is_login_known,
        coalesce(days.metric_date >= visits.tracked_from_date, true)
            as is_tracked,
        coalesce(days.metric_date < visits.open_from_date, false)
            as is_complete,
        days.metric_date < posthog.open_from_date as is_visit_known
    from days
    inner join coverage as posthog
        on posthog.subject = 'posthog'
    inner join coverage as visits
        on visits.subject = 'visits'
),

final as (
    select
        marked.metric_date,

        case
            when marked.is_login_known
                then cast(coalesce(daily_counts.logins, 0) as bigint)
        end as logins,
        case
            when marked.is_login_known
                then coalesce(daily_counts.logged_in_users, 0)
        end as logged_in_users,
        case
            when marked.is_tracked and marked.is_visit_known
                then cast(coalesce(daily_counts.sessions, 0) as bigint)
        end as sessions,
        case
            when marked.is_tracked and marked.is_visit_known
                then coalesce(daily_counts.visitors, 0)
        end as visitors,

        marked.is_tracked,
        marked.is_complete
    from marked
    left join daily_counts
        on marked.metric_date = daily_counts.metric_date
)

select * from final
