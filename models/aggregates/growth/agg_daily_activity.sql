with

actors as (select * from {{ ref('int_user_activity_days') }}),

days as (select * from {{ ref('dim_date') }}),

coverage as (select * from {{ ref('int_data_coverage') }}),

counts as (
    select
        activity_date,
        user_type,
        activity_type,
        cast(sum(activity_count) as bigint) as activity_count,
        count(*) as actor_count
    from actors
    group by activity_date, user_type, activity_type
),

types as (
    select
        activity_type,
        min(activity_date) as first_date
    from counts
    group by activity_type
),

-- a day without the activity keeps its row: without, it would look like one
-- that is open
final as (
    select
        days.date_day as metric_date,

        segments.user_type,
        types.activity_type,

        case
            when days.date_day < coverage.open_from_date
                then coalesce(counts.activity_count, 0)
        end as activity_count,
        case
            when days.date_day < coverage.open_from_date
                then coalesce(counts.actor_count, 0)
        end as actor_count,

        coalesce(days.date_day >= coverage.tracked_from_date, true)
            as is_tracked,
        coalesce(days.date_day < coverage.open_from_date, false) as is_complete
    from types
    inner join days
        on types.first_date <= days.date_day
    inner join coverage
        on types.activity_type = coverage.subject
    cross join (values ('finder'), ('standard')) as segments (user_type)
    left join counts
        on
            days.date_day = counts.activity_date
            and segments.user_type = counts.user_type
            and types.activity_type = counts.activity_type
)

select * from final
