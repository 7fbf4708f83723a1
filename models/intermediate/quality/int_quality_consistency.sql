with

closet_items as (
    select * from {{ ref('stg_neon__closet_items') }}
    where not is_from_trade
),

wishlist_items as (select * from {{ ref('stg_neon__wishlist_items') }}),

offers as (
    select * from {{ ref('stg_neon__offers') }}
    where is_machine_made is not true
),

trades as (select * from {{ ref('stg_neon__trades') }}),

activity as (select * from {{ ref('fct_user_activity') }}),

posthog_persons as (select * from {{ ref('bridge_posthog_persons') }}),

slices as (select * from {{ ref('stg_posthog__load_slices') }}),

as_of as (select * from {{ ref('int_as_of') }}),

app_rows as (
    select
        'closet_adds' as metric,
        created_at
    from closet_items

    union all

    select
        'wishlist_adds' as metric,
        created_at
    from wishlist_items

    union all

    select
        'offers_created' as metric,
        created_at
    from offers

    union all

    select
        'offers_accepted' as metric,
        created_at
    from trades
),

app_counts as (
    select
        app_rows.metric,
        {{ reporting_date('app_rows.created_at') }} as created_date,
        count(*) as row_count
    from app_rows
    inner join as_of
        on
            app_rows.created_at >= as_of.tracking_started_at
            and app_rows.created_at <= as_of.tracked_until_at
    group by 1, 2
),

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

posthog_events as (
    select sum(event_count) as event_count from posthog_persons
),

-- an export may give an event twice; what failed before PostHog had counted it
-- lacks one event at least
lacking as (
    select
        sum(greatest(
            0, coalesce(expected_row_count, loaded_row_count, 1)
            - coalesce(loaded_row_count, 0)
        )) as event_count
    from slices
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

    select
        'posthog_counts' as check_name,
        coalesce(posthog_events.event_count, 0) as warehouse_count,
        coalesce(posthog_events.event_count, 0)
        + lacking.event_count as other_count
    from posthog_events
    cross join lacking
    where lacking.event_count is not null
),

final as (
    select
        check_name,
        cast(null as {{ type_text() }}) as subject,

        cast(sum(least(warehouse_count, other_count)) as bigint) as numerator,
        cast(sum(greatest(warehouse_count, other_count)) as bigint)
            as denominator
    from compared
    group by 1
)

select * from final
