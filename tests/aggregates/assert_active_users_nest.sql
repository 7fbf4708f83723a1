select metric_date, user_type, dau, wau, mau, total_users
from {{ ref('agg_daily_metrics') }}
where
    dau < 0
    or dau > wau
    or wau > mau
    or activated_signups > signups
    or activated_signups_30_days > activated_signups
