with

activity_days as (select * from {{ ref('int_user_activity_days') }}),

period_days as (select * from {{ ref('int_period_days') }}),

periods as (select * from {{ ref('int_periods') }}),

coverage as (select * from {{ ref('int_data_coverage') }}),

-- one row per user first, so that a plain count is one of distinct users
actors as (
    select
        period_days.period,
        period_days.period_start_date,
        activity_days.user_type,
        activity_days.activity_type,
        activity_days.user_key,
        sum(activity_days.activity_count) as activity_count
    from activity_days
    inner join period_days
        on activity_days.activity_date = period_days.date_day
    group by 1, 2, 3, 4, 5
),

counts as (
    select
        period,
        period_start_date,
        user_type,
        activity_type,
        cast(sum(activity_count) as bigint) as activity_count,
        count(*) as actor_count
    from actors
    group by 1, 2, 3, 4
),

types as (
    select
        period,
        activity_type,
        min(period_start_date) as first_period_start_date
    from counts
    group by 1, 2
),

spine as (
    select
        types.period,
        types.activity_type,
        periods.period_start_date,
        coalesce(periods.period_start_date >= coverage.tracked_from_date, true)
            as is_tracked,
        coalesce(
            periods.next_period_start_date <= coverage.open_from_date, false
        ) as is_complete
    from types
    inner join periods
        on
            types.period = periods.period
            and types.first_period_start_date <= periods.period_start_date
    inner join coverage
        on types.activity_type = coverage.subject
),

final as (
    select
        spine.period,
        segments.user_type,
        spine.activity_type,

        case when spine.is_complete then coalesce(counts.activity_count, 0) end
            as activity_count,
        case when spine.is_complete then coalesce(counts.actor_count, 0) end
            as actor_count,

        spine.is_tracked,
        spine.is_complete,

        spine.period_start_date
    from spine
    cross join (values ('finder'), ('standard')) as segments (user_type)
    left join counts
        on
            spine.period = counts.period
            and spine.period_start_date = counts.period_start_date
            and spine.activity_type = counts.activity_type
            and segments.user_type = counts.user_type
)

select * from final
