with

app_users as (select * from {{ ref('stg_neon__users') }}),

notifications as (select * from {{ ref('stg_neon__notifications') }}),

-- the app database is optional: without it, users are known by their pushes
pushed_users as (
    select
        user_id,
        user_id_hash,
        min(sent_at) as first_pushed_at
    from notifications
    group by 1, 2
),

final as (
    select
        cast(coalesce(app_users.user_id, pushed_users.user_id) as text)
            as source_id,
        coalesce(app_users.user_id_hash, pushed_users.user_id_hash)
            as source_id_hash,
        app_users.email_hash,
        app_users.email_domain_hash,

        app_users.user_id is not null as is_registered,

        least(app_users.created_at, pushed_users.first_pushed_at) as known_at,
        app_users.created_at,
        app_users.deleted_at
    from app_users
    full outer join pushed_users
        on app_users.user_id = pushed_users.user_id
)

select * from final
