with

evaluations as (select * from {{ ref('stg_insights__evaluations') }}),

thresholds as (select * from {{ ref('insight_thresholds') }}),

ranked as (
    select
        *,
        row_number() over (
            partition by model, field
            order by evaluated_at desc, evaluation_id asc
        ) as evaluation_number
    from evaluations
),

final as (
    select
        ranked.model,
        ranked.field,

        ranked.answers as compared_answers,
        ranked.accuracy,
        ranked.kappa,

        ranked.accuracy >= thresholds.min_accuracy
        and coalesce(ranked.kappa >= thresholds.min_kappa, true)
            as is_good_enough,

        ranked.evaluated_at
    from ranked
    cross join thresholds
    where ranked.evaluation_number = 1
)

select * from final
