with

users as (select * from {{ ref('dim_users') }}),

final as (
    select
        users.user_key,

        {{ dataset_split('users.user_key') }} as split,

        users.signup_at
    from users
    where
        users.signup_at is not null
        and {{ is_eligible_user('users') }}
)

select * from final
