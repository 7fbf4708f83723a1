{% set hour = 3600 * 1000000 %}

with

sends as (select * from {{ ref('int_campaign_sends') }}),

deliveries as (
    select
        campaign_key,
        user_key,
        count(*) as delivery_count,
        min(sent_at) as sent_at
    from sends
    group by 1, 2
),

-- pushes of the same instant are no predecessors of each other
timed as (
    select
        campaign_key,
        user_key,
        delivery_count,
        sent_at,
        max(sent_at) over (
            partition by user_key
            order by {{ epoch_us('sent_at') }}
            range between unbounded preceding and 1 preceding
        ) as previous_sent_at,
        min(sent_at) over (
            partition by user_key
            order by {{ epoch_us('sent_at') }}
            range between 1 following and unbounded following
        ) as next_sent_at,
        count(*) over (
            partition by user_key
            order by {{ epoch_us('sent_at') }}
            range between {{ 720 * hour }} preceding and 1 preceding
        ) as pushes_previous_30_days
    from deliveries
),

final as (
    select
        campaign_key,
        user_key,

        delivery_count,
        cast(
            floor({{ seconds_between('previous_sent_at', 'sent_at') }} / 3600)
            as bigint
        ) as hours_since_previous_push,
        pushes_previous_30_days,

        sent_at,
        previous_sent_at,
        next_sent_at
    from timed
)

select * from final
