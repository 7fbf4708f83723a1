{{
    config(
        materialized='incremental',
        incremental_strategy='keep_and_append',
        on_schema_change='fail',
        full_refresh=false,
        keep_where="
            campaign_key in (
                select campaign_key from {{ ref('int_push_campaign_inputs') }}
                where not is_due
            )
        "
    )
}}

with

due as (
    select * from {{ ref('int_push_campaign_inputs') }}
    where is_due
),

rates as (select * from {{ ref('int_push_subject_rates') }}),

-- read apart from all rates, so that the engine holds none of them for it
recipient_rates as (
    select * from {{ ref('int_push_subject_rates') }}
    where arm in ('recipient', 'overlapping')
),

inactive as (select * from {{ ref('int_push_inactive_cells') }}),

medians as (select * from {{ ref('int_push_median_rates') }}),

-- whom nobody can be compared with says nothing
recipient_cells as (
    select
        recipient_rates.campaign_key,
        recipient_rates.metric,
        {{ support_cell('recipient_rates', 'medians') }} as support_cell
    from recipient_rates
    left join medians
        on
            recipient_rates.campaign_key = medians.campaign_key
            and recipient_rates.metric = medians.metric

    union distinct

    select campaign_key, metric, activity_class as support_cell
    from inactive
    where arm in ('recipient', 'overlapping')
),

active as (
    select
        rates.campaign_key, rates.metric, rates.arm, rates.weeks_before,
        {{ support_cell('rates', 'medians') }} as support_cell,
        rates.post_count, rates.first_day_count, rates.baseline_rate,
        rates.week_count, rates.day_count, rates.long_rate,
        count(*) as user_count,
        sum(rates.activity_week) as activity_week_sum,
        sum(case when rates.has_later_push then 1 else 0 end)
            as later_push_count,
        sum(rates.diluted_seconds) as diluted_seconds,
        sum(rates.recency) as recency_sum,
        sum(rates.recency * rates.recency) as recency_squares
    from rates
    left join medians
        on
            rates.campaign_key = medians.campaign_key
            and rates.metric = medians.metric
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
),

cells as (
    select * from active

    union all

    select
        campaign_key, metric, arm, weeks_before,
        activity_class as support_cell, 0 as post_count,
        0 as first_day_count, 0 as baseline_rate, 0 as week_count,
        0 as day_count, long_rate, user_count, activity_week_sum,
        later_push_count, diluted_seconds, recency_sum, recency_squares
    from inactive
),

final as (
    select
        cells.campaign_key,
        due.input_digest,
        cells.metric,
        cells.arm,

        cells.weeks_before,
        cast(cells.support_cell as bigint) as support_cell,
        cells.post_count,
        cells.first_day_count,
        cells.baseline_rate,
        cells.week_count,
        cells.day_count,
        cells.long_rate,
        cast(cells.activity_week_sum as bigint) as activity_week_sum,
        cast(cells.later_push_count as bigint) as later_push_count,
        cast(cells.diluted_seconds as bigint) as diluted_seconds,
        cast(cells.user_count as bigint) as user_count,
        cast(cells.recency_sum as bigint) as recency_sum,
        cast(cells.recency_squares as bigint) as recency_squares
    from cells
    inner join due
        on cells.campaign_key = due.campaign_key
    left join recipient_cells
        on
            cells.campaign_key = recipient_cells.campaign_key
            and cells.metric = recipient_cells.metric
            and cells.support_cell = recipient_cells.support_cell
    where
        recipient_cells.campaign_key is not null
        or cells.arm = 'held_out'
)

select * from final
