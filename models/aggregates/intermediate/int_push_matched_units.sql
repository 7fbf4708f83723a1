with

strata as (select * from {{ ref('int_push_unit_strata') }}),

recipient_strata as (
    select distinct campaign_key, send_hour_at, activity_stratum
    from strata
    where arm in ('recipient', 'crowded')
),

final as (
    select
        strata.campaign_key,
        strata.user_key,
        strata.arm,

        strata.weeks_before,
        strata.activity_stratum,
        strata.silence,
        strata.clean_seconds,
        strata.long_seconds,
        strata.matched_weeks,

        strata.send_hour_at,
        strata.anchored_at
    from strata
    left join recipient_strata
        on
            strata.campaign_key = recipient_strata.campaign_key
            and strata.send_hour_at = recipient_strata.send_hour_at
            and strata.activity_stratum = recipient_strata.activity_stratum
    where
        recipient_strata.campaign_key is not null
        or strata.arm = 'held_out'
)

select * from final
