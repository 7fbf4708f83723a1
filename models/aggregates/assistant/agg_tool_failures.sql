with

weeks as (
    select distinct
        period_start_date as week_start_date,
        next_period_start_date
    from {{ ref('int_period_days') }}
    where period = 'week'
),

coverage as (
    select * from {{ ref('int_data_coverage') }}
    where subject = 'assistant'
),

jobs as (select * from {{ ref('fct_service_jobs') }}),

users as (
    select * from {{ ref('int_assistant_users') }}
    where is_eligible
),

weekly_jobs as (
    select
        jobs.user_key,
        jobs.service,
        jobs.error_kind,
        cast(
            date_trunc('week', {{ reporting_date('jobs.created_at') }}) as date
        ) as week_start_date
    from jobs
    inner join users
        on jobs.user_key = users.user_key
),

started as (
    select min(week_start_date) as first_week_start_date from weekly_jobs
),

known_weeks as (
    select weeks.week_start_date
    from weeks
    cross join coverage
    cross join started
    where
        weeks.week_start_date >= started.first_week_start_date
        and weeks.next_period_start_date <= coverage.open_from_date
),

tools as (
    select
        week_start_date,
        service,
        count(*) as tool_jobs
    from weekly_jobs
    group by 1, 2
),

failures as (
    select
        week_start_date,
        service,
        error_kind,
        count(*) as failed_jobs,
        count(distinct user_key) as affected_users
    from weekly_jobs
    where error_kind is not null
    group by 1, 2, 3
),

kinds as (
    select distinct
        service,
        error_kind
    from failures
),

-- a kind that stops is told of in the week without it
cells as (
    select
        known_weeks.week_start_date,
        kinds.service,
        kinds.error_kind,
        coalesce(tools.tool_jobs, 0) as tool_jobs,
        coalesce(failures.failed_jobs, 0) as failed_jobs,
        coalesce(failures.affected_users, 0) as affected_users,
        cast(coalesce(failures.failed_jobs, 0) as {{ type_double() }})
        / tools.tool_jobs as failure_share
    from known_weeks
    cross join kinds
    left join tools
        on
            known_weeks.week_start_date = tools.week_start_date
            and kinds.service = tools.service
    left join failures
        on
            known_weeks.week_start_date = failures.week_start_date
            and kinds.service = failures.service
            and kinds.error_kind = failures.error_kind
),

compared as (
    select
        *,
        lag(failed_jobs) over by_week as previous_failed_jobs,
        lag(failure_share) over by_week as previous_failure_share
    from cells
    window by_week as (
        partition by service, error_kind
        order by week_start_date
    )
),

final as (
    select
        week_start_date,

        service,
        error_kind,

        tool_jobs,
        failed_jobs,
        affected_users,
        failure_share,
        previous_failure_share,
        failure_share - previous_failure_share as failure_share_change
    from compared
    where failed_jobs > 0 or previous_failed_jobs > 0
)

select * from final
