with

cells as (
    select * from {{ ref('int_push_matched_cells') }}
    where arm in ('recipient', 'overlapping')
),

parameters as (select * from {{ ref('push_parameters') }}),

sums as (
    select
        cells.campaign_key,
        cells.metric,
        12 * parameters.post_hours as baseline_hours,
        sum(cells.user_count) as recipients,
        sum(cells.user_count * cells.post_count) as sum_post,
        sum(cells.user_count * cells.matched_rate) as sum_baseline,
        sum(cells.user_count * cells.post_count * cells.post_count)
            as sum_post_squared,
        sum(cells.user_count * cells.matched_rate * cells.matched_rate)
            as sum_baseline_squared,
        sum(cells.user_count * cells.post_count * cells.matched_rate)
            as sum_post_baseline,
        sum(case when cells.post_count > 0 then cells.user_count else 0 end)
            as post_active
    from cells
    cross join parameters
    group by 1, 2, 3
),

final as (
    select
        campaign_key,
        metric,

        cast(baseline_hours as bigint) as baseline_hours,
        cast(recipients as bigint) as recipients,
        cast(sum_post as bigint) as sum_post,
        cast(sum_baseline as bigint) as sum_baseline,
        cast(sum_post_squared as bigint) as sum_post_squared,
        cast(sum_baseline_squared as bigint) as sum_baseline_squared,
        cast(sum_post_baseline as bigint) as sum_post_baseline,
        cast(post_active as bigint) as post_active
    from sums
)

select * from final
