with

app_counts as (select * from {{ ref('int_quality_app_counts') }}),

activity as (select * from {{ ref('fct_user_activity') }}),

-- a sweep counts anew what the slices brought; what failed before PostHog had
-- counted it lacks one event at least
slices as (
    select
        coalesce(loaded_row_count, 0) as loaded_row_count,
        coalesce(expected_row_count, loaded_row_count, 1)
            as expected_row_count
    from {{ ref('stg_posthog__load_slices') }}
    where load_mode <> 'sweep'
),

as_of as (select * from {{ ref('int_as_of') }}),

-- a table the app database does not have proves nothing
event_counts as (
    select
        activity.activity_type as metric,
        {{ reporting_date('activity.occurred_at') }} as occurred_date,
        count(*) as event_count
    from activity
    inner join as_of
        on
            activity.occurred_at >= as_of.tracking_started_at
            and activity.occurred_at <= as_of.tracked_until_at
    where activity.activity_type in (select app_counts.metric from app_counts)
    group by 1, 2
),

-- day by day, because days can err either way
compared as (
    select
        'app_counts' as check_name,
        coalesce(event_counts.event_count, 0) as warehouse_count,
        coalesce(app_counts.row_count, 0) as other_count
    from event_counts
    full join app_counts
        on
            event_counts.metric = app_counts.metric
            and event_counts.occurred_date = app_counts.created_date

    union all

    -- an export may give an event twice
    select
        'posthog_counts' as check_name,
        least(loaded_row_count, expected_row_count) as warehouse_count,
        expected_row_count as other_count
    from slices
),

final as (
    select
        check_name,
        cast(null as text) as subject,

        cast(sum(least(warehouse_count, other_count)) as bigint) as numerator,
        cast(sum(greatest(warehouse_count, other_count)) as bigint)
            as denominator
    from compared
    group by 1
)

select * from final
