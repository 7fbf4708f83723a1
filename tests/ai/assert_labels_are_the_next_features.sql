-- what one row foretells is what the next row of the user knows
with

training_rows as (select * from {{ ref('ai_engagement') }}),

followed as (
    select
        user_key,
        as_of_at,
        label_engagement_level,
        label_retained,
        lead(engagement_level) over (
            partition by user_key
            order by as_of_at
        ) as next_level,
        lead(action_count, 2) over (
            partition by user_key
            order by as_of_at
        ) as later_action_count
    from training_rows
)

select
    user_key,
    as_of_at,
    label_engagement_level,
    next_level,
    label_retained,
    later_action_count
from followed
where
    label_engagement_level <> next_level
    or label_retained <> (later_action_count > 0)
