with

months as (
    select distinct month_start_date from {{ ref('dim_date') }}
),

datasets as (
    select * from {{ ref('int_ai_datasets') }}
    where dataset = 'ai_churn'
),

ends as (
    select
        cast(month_start_date + interval '1 month' as date) as as_of_date
    from months
),

timed as (
    select
        as_of_date,
        {{ day_start('as_of_date') }} as as_of_at,
        {{ day_start('as_of_date + 60') }} as horizon_ends_at
    from ends
),

final as (
    select
        timed.as_of_date,

        timed.as_of_at,
        timed.horizon_ends_at
    from timed
    inner join datasets
        on timed.horizon_ends_at <= datasets.known_until_at
)

select * from final
