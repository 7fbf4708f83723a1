with

activity as (select * from {{ ref('int_ai_activity') }}),

moments as (select * from {{ ref('int_ai_engagement_moments') }}),

parameters as (select * from {{ ref('activity_parameters') }}),

-- an action precedes the moment that ends its period, one before the sign-up
-- the first
lasting as (
    select
        activity.user_key,
        cast(
            floor(
                greatest(activity.days_since_signup, 0)
                / parameters.engagement_days
            ) as bigint
        ) + 1 as periods_before,
        max(activity.occurred_at) as acted_at
    from activity
    cross join parameters
    where activity.voided_at is null
    group by 1, 2
),

-- what became void counts for the moments it still stood at
voided as (
    select
        moments.user_key,
        moments.periods_before,
        max(activity.occurred_at) as acted_at
    from moments
    inner join activity
        on
            moments.user_key = activity.user_key
            and moments.as_of_at > activity.occurred_at
            and moments.as_of_at <= activity.voided_at
    group by 1, 2
),

followed as (
    select
        moments.user_key,
        moments.periods_before,
        moments.as_of_at,
        max(lasting.acted_at) over (
            partition by moments.user_key
            order by moments.periods_before
            rows unbounded preceding
        ) as lasting_acted_at
    from moments
    left join lasting
        on
            moments.user_key = lasting.user_key
            and moments.periods_before = lasting.periods_before
),

final as (
    select
        followed.user_key,

        followed.periods_before,

        greatest(followed.lasting_acted_at, voided.acted_at) as last_action_at
    from followed
    left join voided
        on
            followed.user_key = voided.user_key
            and followed.periods_before = voided.periods_before
)

select * from final
