with

users as (select * from {{ ref('int_ai_users') }}),

actions as (
    select * from {{ ref('int_ai_first_actions') }}
    where not is_activated_before
),

first_days as (select * from {{ ref('int_ai_first_days') }}),

datasets as (
    select * from {{ ref('int_ai_datasets') }}
    where dataset = 'ai_activation'
),

final as (
    select
        users.user_key,
        datasets.dataset_version,
        users.split,

        coalesce(first_days.platform, 'unknown') as platform,

        {{ iso_weekday(zone_time('users.signup_at')) }} as signup_weekday,
        cast(extract(hour from {{ zone_time('users.signup_at') }}) as bigint)
            as signup_hour,
        first_days.profile_completion_score,
        actions.action_count,
        actions.session_count,
        actions.login_count,
        actions.mention_count,
        actions.message_count,
        actions.group_created_count,
        actions.group_joined_count,
        actions.report_count,
        actions.profile_added_count,
        actions.experience_added_count,
        actions.education_added_count,
        actions.closet_add_count,
        actions.wishlist_add_count,
        actions.offer_created_count,
        actions.offer_accepted_count,
        actions.trade_machine_click_count,
        actions.confirmed_trade_count,

        first_days.has_profile,
        coalesce(first_days.has_experience, false) as has_experience,
        coalesce(first_days.has_education, false) as has_education,
        coalesce(datasets.tracking_started_at <= users.signup_at, false)
            as is_app_tracked,
        actions.is_activated_in_week as label_activated_7_days,
        actions.is_activated_in_month as label_activated_30_days,

        users.signup_at + interval '24 hours' as as_of_at
    from users
    inner join actions
        on users.user_key = actions.user_key
    inner join first_days
        on users.user_key = first_days.user_key
    inner join datasets
        on
            users.signup_at + interval '744 hours' <= datasets.known_until_at
            and coalesce(users.signup_at >= datasets.known_from_at, true)
)

select * from final
