with

activity as (
    select * from {{ ref('fct_user_activity') }}
    where is_own_action
),

voided_activity as (
    select * from {{ ref('int_activity_identified') }}
    where is_own_action and voided_at is not null
),

as_of as (select * from {{ ref('int_as_of') }}),

users as (select * from {{ ref('int_ai_users') }}),

activity_types as (select * from {{ ref('activity_types') }}),

-- what is void today still stood in its day: without it, a feature would reveal
-- which posts were to be deleted
happened as (
    select
        event_key,
        user_key,
        activity_type,
        is_activation,
        occurred_at,
        cast(null as {{ type_instant() }}) as voided_at
    from activity

    union all

    select
        voided_activity.event_key,
        voided_activity.user_key,
        voided_activity.activity_type,
        voided_activity.is_activation,
        voided_activity.occurred_at,
        voided_activity.voided_at
    from voided_activity
    cross join as_of
    where
        voided_activity.occurred_at <= as_of.as_of
        and voided_activity.voided_at <= as_of.as_of
),

final as (
    select
        happened.event_key,
        happened.user_key,

        happened.activity_type,

        coalesce(activity_types.engagement_weight, 0) as engagement_weight,
        cast(
            floor(
                {{ seconds_between('users.signup_at', 'happened.occurred_at') }}
                / 86400
            ) as bigint
        ) as days_since_signup,

        happened.is_activation,

        happened.occurred_at,
        happened.voided_at,
        users.signup_at
    from happened
    inner join users
        on happened.user_key = users.user_key
    left join activity_types
        on happened.activity_type = activity_types.activity_type
)

select * from final
