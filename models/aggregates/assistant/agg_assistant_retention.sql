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

user_days as (select * from {{ ref('int_assistant_user_days') }}),

members as (
    select
        user_key,
        {{ reporting_date('signed_up_at') }} as signup_date,
        cast(
            date_trunc('week', {{ reporting_date('signed_up_at') }}) as date
        ) as signup_week_start_date
    from {{ ref('int_assistant_users') }}
    where is_eligible and signed_up_at is not null
),

user_weeks as (
    select distinct
        user_key,
        cast(date_trunc('week', date_day) as date) as week_start_date
    from user_days
),

-- the last to sign up in a week are the last whose day is over
by_day as (
    select
        members.signup_week_start_date,
        'day' as age_unit,
        ages.age,
        members.signup_week_start_date + 7 + ages.age as over_from_date,
        count(*) as assistant_signups,
        count(user_days.user_key) as users_back
    from members
    cross join (values (1), (7), (30)) as ages (age)
    left join user_days
        on
            members.user_key = user_days.user_key
            and members.signup_date + ages.age = user_days.date_day
    group by 1, 2, 3
),

aged_weeks as (
    select
        cohorts.signup_week_start_date,
        weeks.week_start_date,
        weeks.next_period_start_date,
        row_number() over (
            partition by cohorts.signup_week_start_date
            order by weeks.week_start_date
        ) as age
    from (select distinct signup_week_start_date from members) as cohorts
    inner join weeks
        on cohorts.signup_week_start_date < weeks.week_start_date
),

by_week as (
    select
        members.signup_week_start_date,
        'week' as age_unit,
        aged_weeks.age,
        aged_weeks.next_period_start_date as over_from_date,
        count(*) as assistant_signups,
        count(user_weeks.user_key) as users_back
    from members
    inner join aged_weeks
        on members.signup_week_start_date = aged_weeks.signup_week_start_date
    left join user_weeks
        on
            members.user_key = user_weeks.user_key
            and aged_weeks.week_start_date = user_weeks.week_start_date
    group by 1, 2, 3, 4
),

cells as (
    select * from by_day
    union all
    select * from by_week
),

final as (
    select
        cells.signup_week_start_date,

        cells.age_unit,

        cast(cells.age as bigint) as age,
        cells.assistant_signups,
        case
            when cells.over_from_date <= coverage.open_from_date
                then cells.users_back
        end as users_back,
        case
            when cells.over_from_date <= coverage.open_from_date
                then
                    cast(cells.users_back as {{ type_double() }})
                    / cells.assistant_signups
        end as share_back,

        coalesce(cells.over_from_date <= coverage.open_from_date, false)
            as is_mature
    from cells
    cross join coverage
)

select * from final
