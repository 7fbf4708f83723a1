-- the frame of a window takes no column: int_push_subject_counts,
-- int_push_subject_histories and fct_notifications spell these lengths out, and
-- int_push_subjects the most weeks
select
    post_hours,
    baseline_hours,
    long_hours,
    placebo_weeks
from {{ ref('push_parameters') }}
where
    post_hours <> 48
    or baseline_hours <> 720
    or long_hours <> 2064
    or placebo_weeks > 52
