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
        coalesce(notifications.push_title, '') || '|'
        || coalesce(cast(notifications.layer_id as {{ type_text() }}), '')
            as series,
        notifications.sent_at
    from notifications
    cross join as_of
    inner join identities
        on
            cast(notifications.user_id as {{ type_text() }})
            = identities.source_id
    where notifications.sent_at <= as_of.as_of
),

-- a push to millions is one instant, or a few
instants as (select distinct series, sent_at from sends),

followed as (
    select
        *,
        lag(sent_at) over (
            partition by series
            order by sent_at
        ) as previous_sent_at
    from instants
),

numbered as (
    select
        followed.series,
        followed.sent_at,
        count(
            case
                when
                    followed.sent_at > followed.previous_sent_at
                    + parameters.campaign_gap_minutes * interval '1 minute'
                    then 1
            end
        ) over (
            partition by followed.series
            order by followed.sent_at
        ) as gaps_before
    from followed
    cross join parameters
),

dated as (
    select
        *,
        min(sent_at) over (partition by series, gaps_before) as first_sent_at
    from numbered
),

-- two campaigns of one title and layer cannot begin in the same second; a date
-- as text would depend on the settings of the session
final as (
    select
        sends.notification_row_id,
        md5(
            sends.series || '|' || cast(
                {{ epoch_seconds('dated.first_sent_at') }} as {{ type_text() }}
            )
        ) as campaign_key,
        sends.user_key,

        sends.push_title,

        sends.layer_id,

        sends.sent_at
    from sends
    inner join dated
        on
            sends.series = dated.series
            and sends.sent_at = dated.sent_at
)

select * from final
