with

steps as (select * from {{ ref('int_assistant_steps') }}),

counted as (
    select
        signup_month_start_date,
        step_number,
        assistant_step,
        count(reached_at) as users
    from steps
    group by 1, 2, 3
),

compared as (
    select
        *,
        first_value(users) over by_step as first_users,
        lag(users) over by_step as previous_users
    from counted
    window by_step as (
        partition by signup_month_start_date
        order by step_number
    )
),

final as (
    select
        signup_month_start_date,

        assistant_step,

        step_number,
        users,
        cast(users as {{ type_double() }}) / first_users as share_of_cohort,
        cast(users as {{ type_double() }}) / nullif(previous_users, 0)
            as step_conversion_share
    from compared
)

select * from final
