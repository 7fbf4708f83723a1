with

profile_steps as (
    select * from {{ ref('int_profile_steps') }}
    where complete_profile_at is not null
),

users as (select * from {{ ref('dim_users') }}),

activity as (
    select * from {{ ref('fct_user_activity') }}
    where is_own_action
),

parameters as (select * from {{ ref('activity_parameters') }}),

activations as (
    select
        profile_steps.user_key,
        min(activity.occurred_at) as activated_with_profile_at
    from profile_steps
    inner join activity
        on
            profile_steps.user_key = activity.user_key
            and profile_steps.complete_profile_at <= activity.occurred_at
    where activity.is_activation
    group by profile_steps.user_key
),

-- from here on the next action makes the lifecycle stage "engaged"
awaited as (
    select
        activations.user_key,
        activations.activated_with_profile_at,
        greatest(
            activations.activated_with_profile_at,
            users.first_activity_at
            + parameters.active_days * interval '24 hours'
        ) as engaged_from_at
    from activations
    inner join users
        on activations.user_key = users.user_key
    cross join parameters
),

final as (
    select
        awaited.user_key,

        awaited.activated_with_profile_at,
        min(activity.occurred_at) as engaged_at
    from awaited
    left join activity
        on
            awaited.user_key = activity.user_key
            and awaited.engaged_from_at <= activity.occurred_at
    group by awaited.user_key, awaited.activated_with_profile_at
)

select * from final
