with

groups as (
    select * from {{ ref('int_insight_groups') }}
    where facet in ('primary_intent', 'use_case')
),

final as (
    select
        period_start_date as week_start_date,

        facet,
        code,

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
