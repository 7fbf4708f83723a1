with

sends as (select * from {{ ref('int_campaign_sends') }}),

final as (
    select
        campaign_key,

        push_title,

        layer_id,
        count(*) as delivery_count,
        count(distinct user_key) as recipient_count,
        {{ iso_weekday(zone_time('min(sent_at)')) }} as sent_weekday,
        cast(extract(hour from {{ zone_time('min(sent_at)') }}) as bigint)
            as sent_hour,

        min(sent_at) as first_sent_at,
        max(sent_at) as last_sent_at
    from sends
    group by 1, 2, 3
)

select * from final
