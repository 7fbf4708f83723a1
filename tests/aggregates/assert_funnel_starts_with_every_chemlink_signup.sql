with

users as (select * from {{ ref('dim_users') }}),

signed_up as (
    select * from {{ ref('agg_activation_funnel') }}
    where step = 'signed_up'
),

signups as (
    select
        cast(
            date_trunc('month', {{ reporting_date('users.signup_at') }}) as date
        ) as cohort_month_start_date,
        count(*) as signups
    from users
    where
        users.is_in_chemlink
        and users.signup_at is not null
        and {{ is_eligible_user('users') }}
    group by 1
)

select
    signups.cohort_month_start_date,
    signups.signups,
    signed_up.users
from signups
full outer join signed_up
    on signups.cohort_month_start_date = signed_up.cohort_month_start_date
where signups.signups is distinct from signed_up.users
