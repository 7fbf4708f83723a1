with

activity as (select * from {{ ref('int_ai_activity') }}),

final as (
    select
        user_key,

        count(*) as action_count,
        count(*) filter (where activity_type = 'message_sent')
            as message_count,
        count(*) filter (where activity_type = 'login') as login_count,
        count(*) filter (where activity_type = 'sessions') as session_count,

        {{ reporting_date('occurred_at') }} as active_date,

        voided_at
    from activity
    group by user_key, active_date, voided_at
)

select * from final
