with

users as (select * from {{ ref('dim_users') }})

select user_key, activity_count
from users
where
    activity_count
    <> post_count
    + comment_count
    + mention_count
    + group_count
    + group_join_count
    + report_count
    + vote_count
    + collection_count
    + share_count
    + profile_add_count
    + experience_count
    + education_count
    + message_count
    + login_count
    + session_count
    + app_action_count
