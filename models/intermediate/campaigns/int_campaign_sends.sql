with

notifications as (select * from {{ ref('stg_neon__notifications') }}),

identities as (
    select * from {{ ref('bridge_user_identities') }}
    where source_system = 'app'
),

parameters as (select * from {{ ref('push_parameters') }}),

as_of as (select * from {{ ref('int_as_of') }}),

sends as (
    select
        cast(notifications.notification_row_id as {{ type_text() }})
            as notification_row_id,
        identities.user_key,
        notifications.push_title,
        notifications.layer_id,
        notifications.sent_at,
        lag(notifications.sent_at) over (
            partition by notifications.push_title, notifications.layer_id
            order by notifications.sent_at
        ) as previous_sent_at
    from notifications
    cross join as_of
    inner join identities
        on
            cast(notifications.user_id as {{ type_text() }})
            = identities.source_id
    where notifications.sent_at <= as_of.as_of
),

numbered as (
    select
        sends.*,
        count(
            case
                when
                    sends.sent_at > sends.previous_sent_at
                    + parameters.campaign_gap_minutes * interval '1 minute'
                    then 1
            end
        ) over (
            partition by sends.push_title, sends.layer_id
            order by sends.sent_at
        ) as gaps_before
    from sends
    cross join parameters
),

dated as (
    select
        *,
        min(sent_at) over (partition by push_title, layer_id, gaps_before)
            as first_sent_at
    from numbered
),

-- two campaigns of one title and layer cannot begin in the same second; a date
-- as text would depend on the settings of the session
final as (
    select
        notification_row_id,
        md5(
            coalesce(push_title, '') || '|'
            || coalesce(cast(layer_id as {{ type_text() }}), '') || '|'
            || cast(
                {{ epoch_seconds('first_sent_at') }} as {{ type_text() }}
            )
        ) as campaign_key,
        user_key,

        push_title,

        layer_id,

        sent_at
    from dated
)

select * from final
