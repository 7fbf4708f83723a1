with

users as (select * from {{ ref('dim_users') }}),

signups as (
    select
        users.user_type,
        users.activated_at,
        users.activated_at
        < users.signup_at + interval '720 hours' as is_activated_in_30_days,
        {{ reporting_date('users.signup_at') }} as signup_date
    from users
    where
        users.signup_at is not null
        and {{ is_eligible_user('users') }}
),

final as (
    select
        user_type,

        count(*) as signups,
        count(activated_at) as activated_signups,
        count(*) filter (where is_activated_in_30_days)
            as activated_signups_30_days,

        signup_date
    from signups
    group by user_type, signup_date
)

select * from final
