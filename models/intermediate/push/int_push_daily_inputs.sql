with

activity as (
    select * from {{ ref('fct_user_activity') }}
    where activity_type in (
        select metrics.metric from {{ ref('push_metrics') }} as metrics
    )
),

notifications as (select * from {{ ref('fct_notifications') }}),

users as (select * from {{ ref('int_push_users') }}),

inputs as (
    select
        'activity' as kind,
        user_key || activity_type as row_text,
        occurred_at as happened_at
    from activity

    union all

    select
        'push' as kind,
        user_key || campaign_key as row_text,
        sent_at as happened_at
    from notifications

    union all

    select
        'user' as kind,
        user_key as row_text,
        first_seen_at as happened_at
    from users
),

dated as (
    select
        kind,
        row_text || cast(
            cast(extract(epoch from happened_at) * 1000000 as bigint)
            as text
        ) as row_text,
        cast(happened_at at time zone 'UTC' as date) as input_date
    from inputs
),

final as (
    select
        kind,
        md5(string_agg(row_text, ',' order by row_text)) as input_digest,
        input_date
    from dated
    group by kind, input_date
)

select * from final
