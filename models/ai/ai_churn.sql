with

users as (select * from {{ ref('int_ai_users') }}),

days as (select * from {{ ref('int_ai_month_end_days') }}),

month_ends as (select * from {{ ref('int_ai_month_ends') }}),

datasets as (
    select * from {{ ref('int_ai_datasets') }}
    where dataset = 'ai_churn'
),

-- the days after, with 0 or fewer days before, are for the label alone
counted as (
    select
        user_key,
        as_of_date,
        sum(action_count) filter (where days_before between 1 and 7)
            as actions_7_days,
        sum(action_count) filter (where days_before between 1 and 30)
            as actions_30_days,
        sum(action_count) filter (where days_before >= 1) as actions_90_days,
        count(*) filter (where days_before between 1 and 7)
            as active_days_7_days,
        count(*) filter (where days_before between 1 and 30)
            as active_days_30_days,
        count(*) filter (where days_before >= 1) as active_days_90_days,
        max(gap_days) filter (where days_before >= 1) as longest_gap_days,
        min(days_before) filter (where days_before >= 1) - 1
            as days_since_last_action,
        sum(message_count) filter (where days_before between 1 and 30)
            as messages_30_days,
        sum(login_count) filter (where days_before between 1 and 30)
            as logins_30_days,
        sum(session_count) filter (where days_before between 1 and 30)
            as sessions_30_days,
        min(days_before) >= 1 as label_churned
    from days
    group by user_key, as_of_date
),

final as (
    select
        counted.user_key,
        datasets.dataset_version,
        users.split,

        cast(coalesce(counted.actions_7_days, 0) as bigint) as actions_7_days,
        cast(counted.actions_30_days as bigint) as actions_30_days,
        cast(counted.actions_90_days as bigint) as actions_90_days,
        counted.active_days_7_days,
        counted.active_days_30_days,
        counted.active_days_90_days,
        counted.longest_gap_days,
        counted.days_since_last_action,
        cast(counted.messages_30_days as bigint) as messages_30_days,
        cast(counted.logins_30_days as bigint) as logins_30_days,
        cast(counted.sessions_30_days as bigint) as sessions_30_days,
        cast(
            floor(
                {{ seconds_between('users.signup_at', 'month_ends.as_of_at') }}
                / 86400
            ) as bigint
        ) as tenure_days,
        cast(coalesce(counted.actions_7_days, 0) as {{ type_double() }}) * 30
        / (cast(counted.actions_30_days as {{ type_double() }}) * 7)
            as weekly_trend,

        coalesce(
            datasets.tracking_started_at
            <= month_ends.as_of_at - interval '2160 hours',
            false
        ) as is_app_tracked,
        counted.label_churned,

        month_ends.as_of_at
    from counted
    inner join users
        on counted.user_key = users.user_key
    inner join month_ends
        on
            counted.as_of_date = month_ends.as_of_date
            and users.signup_at < month_ends.as_of_at
    cross join datasets
    where
        counted.active_days_30_days > 0
        -- whoever was busy in the app before it was tracked would look silent
        and coalesce(datasets.known_from_at <= month_ends.as_of_at, true)
)

select * from final
