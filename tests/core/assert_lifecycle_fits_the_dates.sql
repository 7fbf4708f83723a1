select user_key, lifecycle_stage, signup_at, first_activity_at, activated_at
from {{ ref('dim_users') }}
where
    (lifecycle_stage in ('new', 'never_active')) <> (last_activity_at is null)
    or (activity_count = 0) <> (last_activity_at is null)
    or activated_at < first_activity_at
    or last_activity_at < first_activity_at
