{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        full_refresh=false,
        pre_hook="
            {% if is_incremental() %}
            delete from {{ this }}
            where campaign_key not in (
                select campaign_key from {{ ref('int_push_campaign_inputs') }}
                where not is_due
            )
            {% endif %}
        "
    )
}}

with

due as (
    select * from {{ ref('int_push_campaign_inputs') }}
    where is_due
),

cells as (select * from {{ ref('int_push_subject_cells') }}),

medians as (
    select
        campaign_key,
        metric,
        percentile_cont(0.5) within group (order by baseline_rate)
            as median_rate
    from {{ ref('int_push_subject_rates') }}
    where arm in ('recipient', 'overlapping') and baseline_rate > 0
    group by campaign_key, metric
),

classified as (
    select
        cells.*,
        case
            when cells.activity_class = -1 then -1
            when cells.baseline_rate = 0 then cells.activity_class
            when cells.baseline_rate < medians.median_rate
                then cells.activity_class + 15
            else cells.activity_class + 30
        end as support_cell
    from cells
    left join medians
        on
            cells.campaign_key = medians.campaign_key
            and cells.metric = medians.metric
),

-- whom nobody can be compared with says nothing
recipient_cells as (
    select distinct campaign_key, metric, support_cell
    from classified
    where arm in ('recipient', 'overlapping')
),

final as (
    select
        classified.campaign_key,
        due.input_digest,
        classified.metric,
        classified.arm,

        classified.weeks_before,
        cast(classified.support_cell as bigint) as support_cell,
        classified.post_count,
        classified.first_day_count,
        classified.baseline_rate,
        classified.week_count,
        classified.day_count,
        classified.long_rate,
        classified.activity_week_sum,
        classified.later_push_count,
        classified.diluted_seconds,
        classified.user_count,
        classified.recency_sum,
        classified.recency_squares
    from classified
    inner join due
        on classified.campaign_key = due.campaign_key
    left join recipient_cells
        on
            classified.campaign_key = recipient_cells.campaign_key
            and classified.metric = recipient_cells.metric
            and classified.support_cell = recipient_cells.support_cell
    where
        recipient_cells.campaign_key is not null
        or classified.arm = 'held_out'
)

select * from final
