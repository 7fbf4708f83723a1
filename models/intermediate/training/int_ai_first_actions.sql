with

activity as (select * from {{ ref('int_ai_activity') }}),

-- the first day is what is known, the 30 days after it are the future
users as (
    select
        user_key,
        signup_at + interval '24 hours' as first_day_ends_at,
        signup_at + interval '192 hours' as week_ends_at,
        signup_at + interval '744 hours' as month_ends_at
    from {{ ref('int_ai_users') }}
),

-- as it stood when the first day ended, or else the longest horizon
standing as (
    select activity.*
    from users
    inner join activity
        on users.user_key = activity.user_key
    where
        users.month_ends_at > activity.occurred_at
        and coalesce(
            case
                when users.first_day_ends_at > activity.occurred_at
                    then users.first_day_ends_at
                else users.month_ends_at
            end <= activity.voided_at,
            true
        )
),

-- joined by the key alone: an outer join on more is a nested loop in DuckDB
placed as (
    select
        users.user_key,
        standing.is_activation,
        standing.occurred_at < users.first_day_ends_at as is_known,
        standing.occurred_at < users.week_ends_at as is_in_week,
        case
            when
                standing.occurred_at >= standing.signup_at
                and standing.occurred_at < users.first_day_ends_at
                then standing.activity_type
        end as first_day_type
    from users
    left join standing
        on users.user_key = standing.user_key
),

final as (
    select
        user_key,

        count(first_day_type) as action_count,
        count(*) filter (where first_day_type = 'sessions') as session_count,
        count(*) filter (where first_day_type = 'login') as login_count,
        count(*) filter (where first_day_type = 'mention') as mention_count,
        count(*) filter (where first_day_type = 'message_sent')
            as message_count,
        count(*) filter (where first_day_type = 'group_created')
            as group_created_count,
        count(*) filter (where first_day_type = 'group_joined')
            as group_joined_count,
        count(*) filter (where first_day_type = 'report_filed')
            as report_count,
        count(*) filter (where first_day_type = 'profile_added_to_collection')
            as profile_added_count,
        count(*) filter (where first_day_type = 'experience_added')
            as experience_added_count,
        count(*) filter (where first_day_type = 'education_added')
            as education_added_count,
        count(*) filter (where first_day_type = 'closet_adds')
            as closet_add_count,
        count(*) filter (where first_day_type = 'wishlist_adds')
            as wishlist_add_count,
        count(*) filter (where first_day_type = 'offers_created')
            as offer_created_count,
        count(*) filter (where first_day_type = 'offers_accepted')
            as offer_accepted_count,
        count(*) filter (where first_day_type = 'trade_machine_clicks')
            as trade_machine_click_count,
        count(*) filter (where first_day_type = 'confirmed_trades')
            as confirmed_trade_count,

        coalesce(bool_or(is_activation and is_known), false)
            as is_activated_before,
        coalesce(
            bool_or(is_activation and not is_known and is_in_week), false
        ) as is_activated_in_week,
        coalesce(bool_or(is_activation and not is_known), false)
            as is_activated_in_month
    from placed
    group by user_key
)

select * from final
