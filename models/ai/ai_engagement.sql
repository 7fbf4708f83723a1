with

moments as (select * from {{ ref('int_ai_engagement_moments') }}),

periods as (select * from {{ ref('int_ai_periods') }}),

last_actions as (select * from {{ ref('int_ai_last_actions') }}),

datasets as (
    select * from {{ ref('int_ai_datasets') }}
    where dataset = 'ai_engagement'
),

parameters as (select * from {{ ref('activity_parameters') }}),

-- periods are numbered from 0: the last one before, the next and the one after
final as (
    select
        moments.user_key,
        datasets.dataset_version,
        moments.split,

        {{ engagement_level(
            'past.engagement_score', 'past.action_count', 'parameters'
        ) }} as engagement_level,
        {{ engagement_level(
            'coming.engagement_score', 'coming.action_count', 'parameters'
        ) }} as label_engagement_level,

        moments.days_since_signup,
        cast(
            floor(
                {{ seconds_between(
                    'last_actions.last_action_at', 'moments.as_of_at'
                ) }} / 86400
            ) as bigint
        ) as days_since_last_action,
        coalesce(past.engagement_score, 0) as engagement_score,
        coalesce(past.action_count, 0) as action_count,
        coalesce(past.activity_type_count, 0) as activity_type_count,
        coalesce(past.active_day_count, 0) as active_day_count,
        coalesce(past.session_count, 0) as session_count,
        coalesce(past.login_count, 0) as login_count,
        coalesce(past.post_count, 0) as post_count,
        coalesce(past.comment_count, 0) as comment_count,
        coalesce(past.mention_count, 0) as mention_count,
        coalesce(past.vote_count, 0) as vote_count,
        coalesce(past.collection_count, 0) as collection_count,
        coalesce(past.share_count, 0) as share_count,
        coalesce(past.message_count, 0) as message_count,
        coalesce(past.group_joined_count, 0) as group_joined_count,
        coalesce(past.profile_added_count, 0) as profile_added_count,
        coalesce(past.closet_add_count, 0) as closet_add_count,
        coalesce(past.wishlist_add_count, 0) as wishlist_add_count,
        coalesce(past.offer_created_count, 0) as offer_created_count,
        coalesce(past.confirmed_trade_count, 0) as confirmed_trade_count,

        coalesce(
            datasets.tracking_started_at
            <= moments.as_of_at
            - parameters.engagement_days * interval '24 hours',
            false
        ) as is_app_tracked,
        later.user_key is not null as label_retained,

        moments.as_of_at
    from moments
    cross join datasets
    cross join parameters
    left join last_actions
        on
            moments.user_key = last_actions.user_key
            and moments.periods_before = last_actions.periods_before
    left join periods as past
        on
            moments.user_key = past.user_key
            and moments.periods_before - 1 = past.period_number
    left join periods as coming
        on
            moments.user_key = coming.user_key
            and moments.periods_before = coming.period_number
    left join periods as later
        on
            moments.user_key = later.user_key
            and moments.periods_before + 1 = later.period_number
    -- whoever was busy in the app before it was tracked would look silent
    where coalesce(datasets.known_from_at <= moments.as_of_at, true)
)

select * from final
