with

users as (select * from {{ ref('int_users_identified') }}),

activity as (select * from {{ ref('fct_user_activity') }}),

events as (select * from {{ ref('int_events_identified') }}),

sends as (select * from {{ ref('int_campaign_sends') }}),

as_of as (select * from {{ ref('int_as_of') }}),

final as (
    select user_key from users
    where has_account

    union distinct

    select user_key from activity

    union distinct

    select events.user_key
    from events
    cross join as_of
    where events.occurred_at <= as_of.as_of

    union distinct

    select user_key from sends
)

select * from final
