with

days as (
    select * from {{ ref('int_feature_days') }}
    where feature = 'logins'
),

activity as (select * from {{ ref('int_counted_activity') }}),

-- one row per user first, so that nobody needs to be told apart again
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

final as (
    select
        days.metric_date,

        cast(coalesce(daily_counts.logins, 0) as bigint) as logins,
        coalesce(daily_counts.logged_in_users, 0) as logged_in_users,
        cast(coalesce(daily_counts.sessions, 0) as bigint) as sessions,
        coalesce(daily_counts.visitors, 0) as visitors
    from days
    left join daily_counts
        on days.metric_date = daily_counts.metric_date
)

select * from final
