with

datasets as (select * from {{ ref('int_ai_datasets') }}),

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
    union all
    -- 24 whole days, as above
    select
        'ai_return' as dataset,
        as_of_at + interval '575 hours' as ends_at
    from {{ ref('ai_return') }}
)

select
    horizons.dataset,
    horizons.ends_at,
    datasets.known_until_at
from horizons
inner join datasets
    on horizons.dataset = datasets.dataset
where coalesce(horizons.ends_at > datasets.known_until_at, true)
