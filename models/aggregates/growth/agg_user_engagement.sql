with

users as (select * from {{ ref('dim_users') }}),

windows as (select * from {{ ref('int_engagement_windows') }}),

parameters as (select * from {{ ref('activity_parameters') }}),

activity_types as (select * from {{ ref('activity_types') }}),

activity as (
    select
        *,
        {{ reporting_date('occurred_at') }} as activity_date
    from {{ ref('fct_user_activity') }}
    where is_own_action
),

scores as (
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
),

months as (
    select distinct
        month_start_date,
        is_tracked,
        is_complete,
        scored_until_at
    from windows
),

-- somebody begins with the sign-up, a visitor with the first action
first_months as (
    select
        users.user_key,
        cast(
            date_trunc(
                'month',
                {{
                    reporting_date(
                        'least(users.signup_at, users.first_activity_at)'
                    )
                }}
            ) as date
        ) as first_month_start_date
    from users
    where {{ is_eligible_user('users') }}
),

user_months as (
    select
        first_months.user_key,
        months.month_start_date,
        months.is_tracked,
        months.is_complete,
        months.scored_until_at
    from first_months
    inner join months
        on first_months.first_month_start_date <= months.month_start_date
),

final as (
    select
        user_months.user_key,
        user_months.month_start_date,

        {{
            engagement_level(
                'coalesce(scores.engagement_score, 0)',
                'coalesce(scores.action_count, 0)', 'parameters'
            )
        }} as engagement_level,

        coalesce(scores.engagement_score, 0) as engagement_score,
        coalesce(scores.action_count, 0) as action_count,
        coalesce(scores.post_count, 0) as post_count,
        coalesce(scores.comment_count, 0) as comment_count,
        coalesce(scores.vote_count, 0) as vote_count,
        coalesce(scores.collection_count, 0) as collection_count,
        coalesce(scores.share_count, 0) as share_count,
        coalesce(scores.mention_count, 0) as mention_count,
        coalesce(scores.message_count, 0) as message_count,
        coalesce(scores.login_count, 0) as login_count,
        coalesce(scores.session_count, 0) as session_count,

        user_months.is_tracked,
        user_months.is_complete,

        user_months.scored_until_at
    from user_months
    cross join parameters
    left join scores
        on
            user_months.user_key = scores.user_key
            and user_months.month_start_date = scores.month_start_date
)

select * from final
