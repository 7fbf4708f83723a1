select
    cohort_period,
    cohort_start_date,
    periods_since_signup,
    cohort_size,
    active_users,
    retention_share,
    is_mature
from {{ ref('agg_cohort_retention') }}
where
    (active_users is not null) <> is_mature
    or (retention_share is not null) <> is_mature
    or active_users not between 0 and cohort_size
