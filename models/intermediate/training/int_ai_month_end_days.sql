with

month_ends as (select * from {{ ref('int_ai_month_ends') }}),

activity as (select * from {{ ref('int_ai_activity') }}),

active_days as (
    select
        user_key,
        count(*) as action_count,
        count(*) filter (where activity_type = 'message_sent')
            as message_count,
        count(*) filter (where activity_type = 'login') as login_count,
        count(*) filter (where activity_type = 'sessions') as session_count,
        {{ reporting_date('occurred_at') }} as active_date,
        voided_at
    from activity
    group by 1, 6, 7
),

-- as it stood at the month end, or else when the horizon ended
standing as (
    select
        active_days.user_key,
        month_ends.as_of_date,
        active_days.active_date,
        sum(active_days.action_count) as action_count,
        sum(active_days.message_count) as message_count,
        sum(active_days.login_count) as login_count,
        sum(active_days.session_count) as session_count
    from active_days
    inner join month_ends
        on
            active_days.active_date >= month_ends.as_of_date - 90
            and active_days.active_date < month_ends.as_of_date + 60
    where
        active_days.voided_at is null
        or active_days.voided_at >= case
            when active_days.active_date < month_ends.as_of_date
                then month_ends.as_of_at
            else month_ends.horizon_ends_at
        end
    group by 1, 2, 3
),

followed as (
    select
        *,
        lag(active_date) over (
            partition by user_key, as_of_date
            order by active_date
        ) as previous_active_date
    from standing
),

final as (
    select
        user_key,

        cast(
            {{ days_between('active_date', 'as_of_date') }} as bigint
        ) as days_before,
        cast(
            {{ days_between('previous_active_date', 'active_date') }} as bigint
        ) as gap_days,
        cast(action_count as bigint) as action_count,
        cast(message_count as bigint) as message_count,
        cast(login_count as bigint) as login_count,
        cast(session_count as bigint) as session_count,

        as_of_date
    from followed
)

select * from final
