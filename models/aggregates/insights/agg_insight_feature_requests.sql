with

groups as (
    select * from {{ ref('int_insight_groups') }}
    where facet = 'feature_area'
),

final as (
    select
        period_start_date as month_start_date,

        code as feature_area,

        case
            when code <> 'withheld'
                then
                    cast(
                        row_number() over (
                            partition by period_start_date, code = 'withheld'
                            order by people desc, answers desc, md5(code)
                        ) as bigint
                    )
        end as feature_rank,
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
