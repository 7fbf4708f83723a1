with

events as (select * from {{ ref('int_events_plausible') }}),

marked as (
    select
        distinct_id_hash,
        received_at,
        coalesce(received_at <= {{ given_as_of() }}, true) as is_known
    from events
),

final as (
    select
        distinct_id_hash,

        min(received_at) filter (where is_known) as first_received_at,
        max(received_at) filter (where is_known) as last_received_at,
        max(received_at) as newest_received_at
    from marked
    group by 1
)

select * from final
