with

actors as (select * from {{ ref('int_user_activity_days') }}),

final as (
    select
        activity_date as metric_date,

        user_type,
        activity_type,

        cast(sum(activity_count) as bigint) as activity_count,
        count(*) as actor_count
    from actors
    group by activity_date, user_type, activity_type
)

select * from final
