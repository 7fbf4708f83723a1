with

recipients as (select * from {{ ref('fct_push_recipients') }}),

activity as (
    select * from {{ ref('fct_user_activity') }}
    where activity_type in (
        select metrics.metric from {{ ref('push_metrics') }} as metrics
    )
),

-- who never did a thing needs no windows for it: a missing row means two zeros
active_users as (
    select distinct user_key, activity_type from activity
),

boundaries as (
    select
        recipients.campaign_key,
        recipients.user_key,
        active_users.activity_type as metric,
        edges.edge,
        case edges.edge
            when 'start' then recipients.baseline_starts_at
            when 'push' then recipients.sent_at
            when 'end' then recipients.post_ends_at
        end as crossed_at
    from recipients
    cross join (values ('start'), ('push'), ('end')) as edges (edge)
    inner join active_users
        on recipients.user_key = active_users.user_key
),

stream as (
    select campaign_key, user_key, metric, edge, crossed_at, 0 as event_count
    from boundaries
    union all
    select
        null as campaign_key,
        user_key,
        activity_type as metric,
        null as edge,
        occurred_at as crossed_at,
        1 as event_count
    from activity
),

-- at the same instant a boundary comes before an event: windows are half-open
counted as (
    select
        campaign_key, user_key, metric, edge,
        sum(event_count) over (
            partition by user_key, metric
            order by crossed_at, event_count
            rows unbounded preceding
        ) as events_before
    from stream
),

final as (
    select
        recipients.campaign_key,
        recipients.user_key,
        counted.metric,

        recipients.baseline_hours,
        cast(
            max(counted.events_before) filter (where counted.edge = 'push')
            - min(counted.events_before) as bigint
        ) as baseline_count,
        case
            when not bool_or(recipients.is_incomplete)
                then cast(
                    max(counted.events_before)
                    - max(counted.events_before)
                    filter (where counted.edge = 'push')
                    as bigint
                )
        end as post_count,

        recipients.is_included,

        recipients.sent_at
    from counted
    inner join recipients
        on
            counted.campaign_key = recipients.campaign_key
            and counted.user_key = recipients.user_key
    group by 1, 2, 3, 4, 7, 8
    having max(counted.events_before) > min(counted.events_before)
)

select * from final
