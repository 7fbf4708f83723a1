with

activity as (select * from {{ ref('int_activity_identified') }}),

as_of as (select * from {{ ref('int_as_of') }}),

final as (
    select
        activity.event_key,
        activity.user_key,

        activity.activity_type,
        activity.source_system,
        activity.source_table,
        activity.source_id,

        activity.is_activation,
        activity.is_own_action,

        activity.occurred_at
    from activity
    cross join as_of
    where {{ is_known_activity('activity', 'as_of') }}
)

select * from final
