with

strata as (select * from {{ ref('int_push_unit_strata') }}),

recipient_strata as (
    select distinct campaign_key, send_hour_at, activity_stratum
    from strata
    where arm in ('recipient', 'crowded')
),

comparable as (
    select
        strata.*,
        strata.arm in ('reachable', 'unreachable') as is_control
    from strata
    left join recipient_strata
        on
            strata.campaign_key = recipient_strata.campaign_key
            and strata.send_hour_at = recipient_strata.send_hour_at
            and strata.activity_stratum = recipient_strata.activity_stratum
    where
        recipient_strata.campaign_key is not null
        or strata.arm = 'held_out'
),

-- the order of hashes is random, and always the same
ordered as (
    select
        *,
        row_number() over (
            partition by campaign_key, user_key, weeks_before, is_control
            order by
                md5(
                    user_key || campaign_key || cast(
                        cast(extract(epoch from send_hour_at) as bigint)
                        as text
                    )
                )
        ) as hour_number
    from comparable
),

-- a control of several hours is one person, and would make errors look smaller
final as (
    select
        campaign_key,
        user_key,
        arm,

        weeks_before,
        activity_stratum,
        silence,
        clean_seconds,
        long_seconds,
        matched_weeks,

        send_hour_at,
        anchored_at
    from ordered
    where hour_number = 1 or not is_control
)

select * from final
