with

users as (select * from {{ ref('dim_users') }}),

profile_steps as (select * from {{ ref('int_profile_steps') }}),

complete_profiles as (
    select * from {{ ref('int_profile_steps') }}
    where complete_profile_at is not null
),

activity as (
    select * from {{ ref('fct_user_activity') }}
    where is_own_action
),

parameters as (select * from {{ ref('activity_parameters') }}),

activations as (
    select
        complete_profiles.user_key,
        min(activity.occurred_at) as activated_with_profile_at
    from complete_profiles
    inner join activity
        on
            complete_profiles.user_key = activity.user_key
            and complete_profiles.complete_profile_at <= activity.occurred_at
    where activity.is_activation
    group by complete_profiles.user_key
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

activity_steps as (
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
),

reached as (
    select
        users.user_key,
        steps.step_number,
        steps.step,
        cast(
            date_trunc('month', {{ reporting_date('users.signup_at') }}) as date
        ) as cohort_month_start_date,
        case steps.step
            when 'signed_up' then users.signup_at
            when 'basic_info' then profile_steps.basic_info_at
            when 'experience' then profile_steps.experience_at
            when 'education' then profile_steps.education_at
            when 'complete_profile' then profile_steps.complete_profile_at
            when 'first_activity' then activity_steps.activated_with_profile_at
            when 'engaged' then activity_steps.engaged_at
        end as reached_at
    from users
    left join profile_steps
        on users.user_key = profile_steps.user_key
    left join activity_steps
        on users.user_key = activity_steps.user_key
    cross join (
        values
        (1, 'signed_up'),
        (2, 'basic_info'),
        (3, 'experience'),
        (4, 'education'),
        (5, 'complete_profile'),
        (6, 'first_activity'),
        (7, 'engaged')
    ) as steps (step_number, step)
    where
        users.is_in_chemlink
        and users.signup_at is not null
        and {{ is_eligible_user('users') }}
),

final as (
    select
        user_key,

        step,

        cast(step_number as bigint) as step_number,

        cohort_month_start_date,

        reached_at,
        lag(reached_at) over (
            partition by user_key
            order by step_number
        ) as previous_reached_at
    from reached
)

select * from final
