with

as_of as (select * from {{ ref('int_as_of') }}),

horizons as (
    select
        'ai_activation' as dataset,
        as_of_at + interval '720 hours' as ends_at
    from {{ ref('ai_activation') }}
    union all
    select
        'ai_engagement' as dataset,
        as_of_at + interval '1440 hours' as ends_at
    from {{ ref('ai_engagement') }}
    union all
    -- whole days, of which two in a year do not last 24 hours in some zones
    select
        'ai_churn' as dataset,
        as_of_at + interval '1439 hours' as ends_at
    from {{ ref('ai_churn') }}
    union all
    select
        'ai_push_response' as dataset,
        as_of_at + interval '48 hours' as ends_at
    from {{ ref('ai_push_response') }}
)

select
    horizons.dataset,
    horizons.ends_at,
    as_of.as_of
from horizons
inner join as_of
    on horizons.ends_at > as_of.as_of
