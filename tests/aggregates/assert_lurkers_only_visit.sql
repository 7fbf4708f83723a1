select month_start_date, count(*) as lurkers_who_act
from {{ ref('agg_user_engagement') }}
where
    engagement_level = 'lurker'
    and action_count > login_count + session_count
group by 1
