with

counts as (select * from {{ ref('int_push_campaign_counts') }}),

placebos as (select * from {{ ref('stg_lift__placebo_lift') }}),

final as (
    select
        placebos.campaign_key,
        placebos.metric,

        placebos.kind,

        placebos.weeks_before,
        placebos.lift,
        placebos.se
    from placebos
    inner join counts
        on
            placebos.campaign_key = counts.campaign_key
            and placebos.metric = counts.metric
    where
        case
            when placebos.kind = 'observed' then counts.is_observed_current
            else counts.is_adjusted_current
        end
)

select * from final
