with

groups as (
    select * from {{ ref('int_insight_groups') }}
    where facet = 'theme'
),

final as (
    select
        period_start_date as month_start_date,

        code as theme,

        people,
        answers,
        answered_conversations,
        period_answers,
        answer_share,
        answer_share_low,
        answer_share_high
    from groups
)

select * from final
