with

answers as (
    select * from {{ ref('int_insight_answers') }}
    where is_old_enough
),

items as (select * from {{ ref('stg_insights__facet_items') }}),

segments as (select * from {{ ref('int_insight_segments') }}),

themes as (select * from {{ ref('stg_insights__themes') }}),

theme_notes as (select * from {{ ref('stg_insights__theme_notes') }}),

last_run as (
    select run_id from themes
    order by named_at desc, run_id asc
    limit 1
),

codes as (
    select
        cache_key,
        'primary_intent' as facet,
        primary_intent as code
    from answers

    union all

    select
        cache_key,
        'use_case' as facet,
        use_case as code
    from answers

    union all

    select
        cache_key,
        'value_seen' as facet,
        value_seen as code
    from answers

    union all

    select
        cache_key,
        'willingness_to_pay' as facet,
        willingness_to_pay as code
    from answers

    union all

    select
        cache_key,
        'satisfaction' as facet,
        case when satisfaction is null then 'not_told' else 'told' end as code
    from answers

    union all

    select
        cache_key,
        kind as facet,
        code
    from items

    union all

    select
        theme_notes.cache_key,
        'theme' as facet,
        themes.name as code
    from theme_notes
    inner join themes
        on theme_notes.theme_id = themes.theme_id
    inner join last_run
        on themes.run_id = last_run.run_id
    -- a name is the model's, and this one means what is not shown
    where themes.name <> 'withheld'

    union all

    select
        answers.cache_key,
        'segment' as facet,
        segments.segment as code
    from answers
    inner join segments
        on
            answers.user_key = segments.user_key
            and answers.month_start_date = segments.month_start_date
),

-- what is rarer takes a month to be told of enough people
dated as (
    select
        answers.cache_key,
        answers.user_key,
        codes.facet,
        codes.code,
        answers.conversation_count,
        answers.weight,
        answers.is_week_over,
        answers.is_month_over,
        answers.week_start_date,
        answers.month_start_date,
        case
            when codes.facet in ('feature_area', 'theme', 'segment')
                then 'month'
            else 'week'
        end as period
    from codes
    inner join answers
        on codes.cache_key = answers.cache_key
),

-- two states of a period that goes on could be subtracted
final as (
    select
        cache_key,
        user_key,

        facet,
        code,
        period,

        conversation_count,
        weight,

        case
            when period = 'month' then month_start_date
            else week_start_date
        end as period_start_date
    from dated
    where
        (period = 'week' and is_week_over)
        or (period = 'month' and is_month_over)
)

select * from final
