with

users as (select * from {{ ref('int_users_summarised') }}),

all_activity as (select * from {{ ref('fct_user_activity') }}),

events as (select * from {{ ref('int_events_identified') }}),

sends as (select * from {{ ref('int_campaign_sends') }}),

profiles as (
    select * from {{ ref('int_profile_scores') }}
    where valid_until_at is null
),

as_of as (select * from {{ ref('int_as_of') }}),

parameters as (select * from {{ ref('activity_parameters') }}),

seen_users as (
    select user_key from users
    where has_account

    union distinct

    select user_key from all_activity

    union distinct

    select events.user_key
    from events
    cross join as_of
    where events.occurred_at <= as_of.as_of

    union distinct

    select user_key from sends
),

activity as (
    select
        user_key,
        count(*) as activity_count,
        min(occurred_at) as first_activity_at,
        max(occurred_at) as last_activity_at,
        min(occurred_at) filter (where is_activation) as activated_at,
        min(occurred_at) filter (where source_system in ('app', 'posthog'))
            as app_first_activity_at
    from all_activity
    where is_own_action
    group by 1
),

-- elapsed time, so that a day is as long in every zone; of the time after, what
-- a system recorded is not known, and who was busy there would look silent
thresholds as (
    select
        as_of.activity_known_until_at
        - parameters.new_user_days * interval '24 hours' as new_since_at,
        as_of.activity_known_until_at
        - parameters.active_days * interval '24 hours' as active_since_at,
        as_of.activity_known_until_at
        - parameters.dormant_days * interval '24 hours' as dormant_since_at
    from as_of
    cross join parameters
),

final as (
    select
        users.user_key,
        profiles.location_id,
        profiles.company_id,
        profiles.role_id,

        case when users.has_finder then 'finder' else 'standard' end
            as user_type,
        case
            when thresholds.active_since_at is null then null
            when activity.first_activity_at >= thresholds.active_since_at
                then 'activated'
            when activity.last_activity_at >= thresholds.active_since_at
                then 'engaged'
            when activity.last_activity_at >= thresholds.dormant_since_at
                then 'dormant'
            when activity.last_activity_at is not null then 'churned'
            when users.signup_at >= thresholds.new_since_at then 'new'
            else 'never_active'
        end as lifecycle_stage,

        coalesce(activity.activity_count, 0) as activity_count,
        profiles.profile_completion_score,

        users.is_in_app,
        users.is_in_posthog,
        users.is_in_chemlink,
        users.is_in_engagement,
        users.is_in_assistant,
        users.has_identity_conflict,
        users.has_finder,
        profiles.is_complete as is_profile_complete,
        users.is_test_account,
        users.is_deleted,

        users.signup_at,
        least(users.app_signup_at, activity.app_first_activity_at)
            as app_first_seen_at,
        activity.first_activity_at,
        activity.last_activity_at,
        activity.activated_at
    from users
    inner join seen_users
        on users.user_key = seen_users.user_key
    cross join thresholds
    left join activity
        on users.user_key = activity.user_key
    left join profiles
        on users.user_key = profiles.user_key
)

select * from final
