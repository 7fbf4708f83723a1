with

activity as (select * from {{ ref('int_ai_activity') }}),

parameters as (select * from {{ ref('activity_parameters') }}),

numbered as (
    select
        activity.*,
        parameters.engagement_days,
        cast(
            floor(activity.days_since_signup / parameters.engagement_days)
            as bigint
        ) as period_number
    from activity
    cross join parameters
    where activity.days_since_signup >= 0
),

-- as it stood when its period ended
standing as (
    select * from numbered
    where
        voided_at is null
        or voided_at
        >= signup_at + (period_number + 1) * engagement_days
        * interval '24 hours'
),

final as (
    select
        user_key,

        period_number,
        count(*) as action_count,
        count(distinct activity_type) as activity_type_count,
        count(distinct days_since_signup) as active_day_count,
        cast(sum(engagement_weight) as bigint) as engagement_score,
        count(*) filter (where activity_type = 'post') as post_count,
        count(*) filter (where activity_type = 'comment') as comment_count,
        count(*) filter (where activity_type = 'mention') as mention_count,
        count(*) filter (where activity_type = 'vote') as vote_count,
        count(*) filter (where activity_type = 'collection_created')
            as collection_count,
        count(*) filter (where activity_type = 'collection_shared')
            as share_count,
        count(*) filter (where activity_type = 'message_sent')
            as message_count,
        count(*) filter (where activity_type = 'login') as login_count,
        count(*) filter (where activity_type = 'sessions') as session_count,
        count(*) filter (where activity_type = 'group_joined')
            as group_joined_count,
        count(*) filter (where activity_type = 'profile_added_to_collection')
            as profile_added_count,
        count(*) filter (where activity_type = 'closet_adds')
            as closet_add_count,
        count(*) filter (where activity_type = 'wishlist_adds')
            as wishlist_add_count,
        count(*) filter (where activity_type = 'offers_created')
            as offer_created_count,
        count(*) filter (where activity_type = 'confirmed_trades')
            as confirmed_trade_count
    from standing
    group by user_key, period_number
)

select * from final
