with

users as (
    select * from {{ ref('dim_users') }}
    where signup_at is not null
),

final as (
    select
        user_key,

        {{ dataset_split('user_key') }} as split,

        signup_at
    from users
    where {{ is_counted_user('users') }}
)

select * from final
