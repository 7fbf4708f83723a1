with

activity as (
    select * from {{ ref('fct_user_activity') }}
    where activity_type in (
        select metrics.metric from {{ ref('push_metrics') }} as metrics
    )
),

users as (select * from {{ ref('int_push_users') }}),

exposures as (select * from {{ ref('int_push_exposures') }}),

stream as (
    select
        event_key,
        user_key,
        activity_type as metric,
        occurred_at,
        cast(null as {{ type_instant() }}) as exposed_until_at
    from activity

    union all

    select
        cast(null as {{ type_text() }}) as event_key,
        user_key,
        cast(null as {{ type_text() }}) as metric,
        sent_at as occurred_at,
        exposed_until_at
    from exposures
),

-- a push at the very instant of an event counts as before it
followed as (
    select
        event_key,
        user_key,
        metric,
        occurred_at,
        max(exposed_until_at) over (
            partition by user_key
            order by occurred_at
            range between unbounded preceding and current row
        ) as last_exposed_until_at
    from stream
),

final as (
    select
        followed.event_key,
        followed.user_key,
        followed.metric,

        coalesce(followed.last_exposed_until_at <= followed.occurred_at, true)
            as is_unexposed,

        followed.occurred_at
    from followed
    inner join users
        on
            followed.user_key = users.user_key
            and followed.occurred_at >= users.observed_from_at
    where followed.event_key is not null
)

select * from final
