with

users as (select * from {{ ref('dim_users') }}),

as_of as (select * from {{ ref('int_as_of') }})

select
    users.user_key,
    users.lifecycle_stage,
    users.signup_at,
    users.first_activity_at,
    users.activated_at
from users
cross join as_of
where
    users.signup_at > as_of.as_of
    or (users.lifecycle_stage in ('new', 'never_active'))
    <> (users.last_activity_at is null)
    or (users.activity_count = 0) <> (users.last_activity_at is null)
    or users.activated_at < users.first_activity_at
    or users.last_activity_at < users.first_activity_at
