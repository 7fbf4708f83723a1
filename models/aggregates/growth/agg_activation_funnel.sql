with

steps as (select * from {{ ref('int_funnel_steps') }}),

coverage as (
    select * from {{ ref('int_data_coverage') }}
    where subject = 'activity'
),

parameters as (select * from {{ ref('activity_parameters') }}),

counted as (
    select
        cohort_month_start_date,
        step_number,
        step,
        count(reached_at) as users,
        percentile_cont(0.5) within group (
            order by
                {{ seconds_between('previous_reached_at', 'reached_at') }}
                / 3600
        ) as median_hours_from_previous
    from steps
    group by cohort_month_start_date, step_number, step
),

compared as (
    select
        *,
        first_value(users) over by_step as cohort_size,
        lag(users) over by_step as previous_users
    from counted
    window by_step as (
        partition by cohort_month_start_date
        order by step_number
    )
),

final as (
    select
        compared.cohort_month_start_date,

        compared.step,

        compared.step_number,
        compared.users,
        cast(compared.users as {{ type_double() }}) / compared.cohort_size
            as share_of_cohort,
        cast(compared.users as {{ type_double() }})
        / nullif(compared.previous_users, 0) as step_conversion_share,
        compared.median_hours_from_previous,

        -- the other steps are of systems that hold their own past
        coalesce(
            compared.step <> 'engaged'
            or compared.cohort_month_start_date >= coverage.tracked_from_date,
            true
        ) as is_tracked,
        -- who has done nothing for so long has churned, and is not waited for
        coalesce(
            cast(compared.cohort_month_start_date + interval '1 month' as date)
            + cast(parameters.dormant_days as integer)
            <= coverage.open_from_date,
            false
        ) as is_mature
    from compared
    cross join coverage
    cross join parameters
)

select * from final
