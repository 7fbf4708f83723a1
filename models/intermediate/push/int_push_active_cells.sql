with

rates as (select * from {{ ref('int_push_unit_rates') }}),

edges as (select * from {{ ref('int_push_rate_edges') }}),

classified as (
    select
        rates.*,
        case
            when rates.baseline_rate = 0 then 0
            when edges.fifth_edge < rates.baseline_rate then 6
            when edges.fourth_edge < rates.baseline_rate then 5
            when edges.third_edge < rates.baseline_rate then 4
            when edges.second_edge < rates.baseline_rate then 3
            when edges.first_edge < rates.baseline_rate then 2
            else 1
        end as rate_class
    from rates
    left join edges
        on
            rates.campaign_key = edges.campaign_key
            and rates.metric = edges.metric
),

final as (
    select
        campaign_key,
        metric,
        arm,

        weeks_before,
        activity_stratum,
        cast(rate_class as bigint) as rate_class,
        post_count,
        baseline_rate,
        matched_rate,
        week_count,
        day_count,
        long_rate,
        count(*) as user_count,
        cast(sum(silence) as bigint) as recency_sum,
        cast(sum(silence * silence) as bigint) as recency_squares,

        send_hour_at
    from classified
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 16
)

select * from final
