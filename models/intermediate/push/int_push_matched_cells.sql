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

rates as (select * from {{ ref('int_push_subject_rates') }}),

ranked as (
    select
        campaign_key,
        metric,
        baseline_rate,
        ntile(6) over (
            partition by campaign_key, metric
            order by baseline_rate
        ) as sextile
    from {{ ref('int_push_subject_rates') }}
    where arm in ('recipient', 'overlapping') and baseline_rate > 0
),

edges as (
    select
        campaign_key,
        metric,
        max(baseline_rate) filter (where sextile = 1) as edge_1,
        max(baseline_rate) filter (where sextile = 2) as edge_2,
        max(baseline_rate) filter (where sextile = 3) as edge_3,
        max(baseline_rate) filter (where sextile = 4) as edge_4,
        max(baseline_rate) filter (where sextile = 5) as edge_5
    from ranked
    group by 1, 2
),

classified as (
    select
        rates.*,
        case
            when rates.baseline_rate = 0 then 0
            when edges.edge_5 < rates.baseline_rate then 6
            when edges.edge_4 < rates.baseline_rate then 5
            when edges.edge_3 < rates.baseline_rate then 4
            when edges.edge_2 < rates.baseline_rate then 3
            when edges.edge_1 < rates.baseline_rate then 2
            else 1
        end as rate_class
    from rates
    left join edges
        on
            rates.campaign_key = edges.campaign_key
            and rates.metric = edges.metric
),

cells as (
    select
        campaign_key, metric, arm, send_hour_at, weeks_before,
        activity_stratum, rate_class, post_count, baseline_rate, matched_rate,
        week_count, day_count, long_rate,
        count(*) as user_count,
        cast(sum(recency) as bigint) as recency_sum,
        cast(sum(recency * recency) as bigint) as recency_squares
    from classified
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13
),

-- whom nobody can be matched with says nothing
recipient_strata as (
    select distinct
        campaign_key, metric, send_hour_at, activity_stratum, rate_class
    from cells
    where arm in ('recipient', 'overlapping')
),

final as (
    select
        cells.campaign_key,
        due.input_digest,
        cells.metric,
        cells.arm,

        cells.weeks_before,
        cast(
            case
                when cells.activity_stratum = -1 then -1
                else cells.activity_stratum + 675 * cells.rate_class
            end as bigint
        ) as stratum,
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
            and cells.activity_stratum = recipient_strata.activity_stratum
            and cells.rate_class = recipient_strata.rate_class
    where
        recipient_strata.campaign_key is not null
        or cells.arm = 'held_out'
)

select * from final
