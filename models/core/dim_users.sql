with

users as (select * from {{ ref('int_users_identified') }}),

lifecycles as (select * from {{ ref('int_user_lifecycles') }}),

activity as (select * from {{ ref('int_user_activity_summarised') }}),

profiles as (select * from {{ ref('int_profiles') }}),

final as (
    select
        users.user_key,
        profiles.location_id,
        profiles.company_id,
        profiles.role_id,

        case when users.has_finder then 'finder' else 'standard' end
            as user_type,
        lifecycles.lifecycle_stage,

        coalesce(activity.activity_count, 0) as activity_count,
        profiles.profile_completion_score,

        users.is_in_app,
        users.is_in_posthog,
        users.is_in_chemlink,
        users.is_in_engagement,
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
    inner join lifecycles
        on users.user_key = lifecycles.user_key
    left join activity
        on users.user_key = activity.user_key
    left join profiles
        on users.user_key = profiles.user_key
)

select * from final
