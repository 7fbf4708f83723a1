with

app_users as (select * from {{ ref('stg_neon__users') }}),

notifications as (select * from {{ ref('stg_neon__notifications') }}),

-- the app database is optional: without it, users are known by their pushes
pushed_users as (
    select
        notifications.user_id,
        notifications.user_id_hash
    from notifications
    left join app_users
        on notifications.user_id = app_users.user_id
    where app_users.user_id is null
    group by 1, 2
),

final as (
    select
        cast(user_id as text) as source_id,
        user_id_hash as source_id_hash,
        email_hash,
        created_at,
        deleted_at
    from app_users

    union all

    select
        cast(user_id as text) as source_id,
        user_id_hash as source_id_hash,
        cast(null as text) as email_hash,
        cast(null as timestamptz) as created_at,
        cast(null as timestamptz) as deleted_at
    from pushed_users
)

select * from final
