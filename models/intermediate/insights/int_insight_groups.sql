with

codes as (select * from {{ ref('int_insight_codes') }}),

published_codes as (select * from {{ ref('int_insight_published_codes') }}),

all_answers as (
    select * from {{ ref('int_insight_answers') }}
    where is_old_enough
),

period_answers as (
    select
        'week' as period,
        week_start_date as period_start_date,
        weight
    from all_answers
    where is_week_over

    union all

    select
        'month' as period,
        month_start_date as period_start_date,
        weight
    from all_answers
    where is_month_over
),

-- where everyone was asked a share has no sampling error: 1 / size is 0
periods as (
    select
        period,
        period_start_date,
        count(*) as answers,
        sum(weight) as weight,
        sum(weight * (weight - 1)) / (sum(weight) * sum(weight))
            as inverse_size
    from period_answers
    group by period, period_start_date
),

-- an answer with two withheld codes is one withheld answer
answers as (
    select
        codes.facet,
        codes.period,
        codes.period_start_date,
        codes.cache_key,
        codes.user_key,
        published_codes.published_code,
        published_codes.is_countable,
        min(codes.conversation_count) as conversations,
        min(codes.weight) as weight
    from codes
    inner join published_codes
        on
            codes.facet = published_codes.facet
            and codes.period_start_date = published_codes.period_start_date
            and codes.code = published_codes.code
    group by
        codes.facet,
        codes.period,
        codes.period_start_date,
        codes.cache_key,
        codes.user_key,
        published_codes.published_code,
        published_codes.is_countable
),

groups as (
    select
        facet,
        period,
        period_start_date,
        published_code as code,
        is_countable,
        count(distinct user_key) as people,
        count(*) as answers,
        cast(sum(conversations) as bigint) as conversations,
        sum(weight) as weight
    from answers
    group by facet, period, period_start_date, published_code, is_countable
),

shares as (
    select
        groups.*,
        periods.answers as period_answers,
        periods.inverse_size,
        groups.weight / periods.weight as answer_share
    from groups
    left join periods
        on
            groups.period = periods.period
            and groups.period_start_date = periods.period_start_date
            and groups.is_countable
),

final as (
    select
        facet,
        code,

        case when is_countable then people end as people,
        case when is_countable then answers end as answers,
        case when is_countable then conversations end
            as answered_conversations,
        period_answers,
        answer_share,
        {{ wilson_bound('answer_share', 'inverse_size', '-') }}
            as answer_share_low,
        {{ wilson_bound('answer_share', 'inverse_size', '+') }}
            as answer_share_high,

        period_start_date
    from shares
)

select * from final
