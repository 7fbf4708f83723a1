with

as_of as (select * from {{ ref('int_as_of') }}),

users as (select * from {{ ref('int_users_summarised') }}),

activity as (select * from {{ ref('fct_user_activity') }}),

beginnings as (
    select min(signup_at) as began_at from users
    union all
    select min(occurred_at) as began_at from activity
),

bounds as (
    select
        {{ reporting_date('min(beginnings.began_at)') }} as first_date,
        {{ reporting_date('max(as_of.as_of)') }} as last_date
    from beginnings
    cross join as_of
),

days as (
    select bounds.first_date + numbers.days_after as date_day
    from bounds
    cross join {{ integers(0, 36524, 'days_after') }} as numbers
    where bounds.first_date + numbers.days_after <= bounds.last_date
),

final as (
    select
        date_day,

        {{ iso_weekday('date_day') }} as day_of_week,

        {{ iso_weekday('date_day') }} >= 6 as is_weekend,

        cast(date_trunc('week', date_day) as date) as week_start_date,
        cast(date_trunc('month', date_day) as date) as month_start_date,
        cast(date_trunc('quarter', date_day) as date) as quarter_start_date
    from days
)

select * from final
