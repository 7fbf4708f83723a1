with

activity as (
    select
        *,
        {{ reporting_date('occurred_at') }} as activity_date
    from {{ ref('fct_user_activity') }}
    where is_own_action
),

activity_types as (select * from {{ ref('activity_types') }}),

windows as (select * from {{ ref('int_engagement_windows') }}),

final as (
    select
        activity.user_key,

        -- a type that is not listed weighs nothing
        cast(coalesce(sum(activity_types.engagement_weight), 0) as bigint)
            as engagement_score,
        count(*) as action_count,
        count(*) filter (where activity.activity_type = 'post') as post_count,
        count(*) filter (where activity.activity_type = 'comment')
            as comment_count,
        count(*) filter (where activity.activity_type = 'vote') as vote_count,
        count(*) filter (where activity.activity_type = 'collection_created')
            as collection_count,
        count(*) filter (where activity.activity_type = 'collection_shared')
            as share_count,
        count(*) filter (where activity.activity_type = 'mention')
            as mention_count,
        count(*) filter (where activity.activity_type = 'message_sent')
            as message_count,
        count(*) filter (where activity.activity_type = 'login')
            as login_count,
        count(*) filter (where activity.activity_type = 'sessions')
            as session_count,

        windows.month_start_date
    from activity
    inner join windows
        on
            activity.activity_date = windows.date_day
            and activity.occurred_at >= windows.scored_from_at
            and activity.occurred_at < windows.scored_until_at
    left join activity_types
        on activity.activity_type = activity_types.activity_type
    group by activity.user_key, windows.month_start_date
)

select * from final
