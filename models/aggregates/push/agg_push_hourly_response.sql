with

responses as (
    select * from {{ ref('int_push_responses') }}
    where period = 'hour'
),

final as (
    select
        campaign_key,
        metric,

        periods_after as hours_after,
        recipients,
        events
    from responses
)

select * from final
