with

users as (select * from {{ ref('int_users_identified') }}),

seen_users as (select * from {{ ref('int_users_seen') }}),

activity as (select * from {{ ref('int_user_activity_summarised') }}),

as_of as (select * from {{ ref('int_as_of') }}),

parameters as (select * from {{ ref('activity_parameters') }}),

-- elapsed time, so that a day is as long in every zone; of the time after, what
-- a system recorded is not known, and who was busy there would look silent
thresholds as (
    select
        as_of.activity_known_until_at
        - parameters.new_user_days * interval '24 hours' as new_since_at,
        as_of.activity_known_until_at
        - parameters.active_days * interval '24 hours' as active_since_at,
        as_of.activity_known_until_at
        - parameters.dormant_days * interval '24 hours' as dormant_since_at
    from as_of
    cross join parameters
),

final as (
    select
        users.user_key,

        case
            when thresholds.active_since_at is null then null
            when activity.first_activity_at >= thresholds.active_since_at
                then 'activated'
            when activity.last_activity_at >= thresholds.active_since_at
                then 'engaged'
            when activity.last_activity_at >= thresholds.dormant_since_at
                then 'dormant'
            when activity.last_activity_at is not null then 'churned'
            when users.signup_at >= thresholds.new_since_at then 'new'
            else 'never_active'
        end as lifecycle_stage
    from users
    inner join seen_users
        on users.user_key = seen_users.user_key
    cross join thresholds
    left join activity
        on users.user_key = activity.user_key
)

select * from final
