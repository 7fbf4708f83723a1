with

users as (select * from {{ ref('dim_users') }}),

profile_steps as (select * from {{ ref('int_profile_steps') }}),

activity_steps as (select * from {{ ref('int_activity_steps') }}),

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
        and {{ is_counted_user('users') }}
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
