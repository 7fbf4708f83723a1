with

groups as (
    select * from {{ ref('int_insight_groups') }}
    where facet in ('value_seen', 'satisfaction', 'willingness_to_pay')
),

answers as (
    select * from {{ ref('int_insight_answers') }}
    where is_old_enough and is_week_over and satisfaction is not null
),

told as (
    select
        week_start_date,
        sum(weight * satisfaction) / sum(weight) as average_satisfaction
    from answers
    group by week_start_date
),

final as (
    select
        groups.period_start_date as week_start_date,

        groups.facet,
        groups.code,

        groups.people,
        groups.answers,
        groups.answered_conversations,
        groups.period_answers,
        groups.answer_share,
        groups.answer_share_low,
        groups.answer_share_high,
        told.average_satisfaction
    from groups
    left join told
        on
            groups.period_start_date = told.week_start_date
            and groups.facet = 'satisfaction'
            and groups.code = 'told'
)

select * from final
