{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        full_refresh=false,
        pre_hook="
            {% if is_incremental() %}
            delete from {{ this }}
            where campaign_key in (
                select campaign_key from {{ ref('int_push_campaigns_due') }}
            ) or campaign_key not in (
                select campaign_key from {{ ref('int_push_campaign_inputs') }}
            )
            {% endif %}
        "
    )
}}
-- depends_on: {{ ref('int_push_campaign_inputs') }}

with

due as (select * from {{ ref('int_push_campaigns_due') }}),

cells as (select * from {{ ref('int_push_cells') }}),

-- whom nobody can be matched with says nothing
recipient_strata as (
    select distinct campaign_key, metric, send_hour_at, stratum
    from cells
    where arm in ('recipient', 'crowded')
),

final as (
    select
        cells.campaign_key,
        due.input_digest,
        cells.metric,
        cells.arm,

        cells.weeks_before,
        cells.stratum,
        cells.post_count,
        cells.baseline_rate,
        cells.matched_rate,
        cells.week_count,
        cells.day_count,
        cells.long_rate,
        cells.user_count,
        cells.recency_sum,
        cells.recency_squares,

        cells.send_hour_at
    from cells
    inner join due
        on cells.campaign_key = due.campaign_key
    left join recipient_strata
        on
            cells.campaign_key = recipient_strata.campaign_key
            and cells.metric = recipient_strata.metric
            and cells.send_hour_at = recipient_strata.send_hour_at
            and cells.stratum = recipient_strata.stratum
    where
        recipient_strata.campaign_key is not null
        or cells.arm = 'held_out'
)

select * from final
