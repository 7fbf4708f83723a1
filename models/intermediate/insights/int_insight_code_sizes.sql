with

codes as (select * from {{ ref('int_insight_codes') }}),

thresholds as (select * from {{ ref('insight_thresholds') }}),

people as (
    select
        facet,
        period_start_date,
        code,
        user_key,
        sum(conversation_count) as conversations
    from codes
    group by facet, period_start_date, code, user_key
),

groups as (
    select
        people.facet,
        people.period_start_date,
        people.code,
        {{ is_publishable_group(
            'count(*)',
            'sum(people.conversations)',
            'max(people.conversations)',
        ) }} as is_publishable,
        count(*) as people,
        sum(people.conversations) as conversations
    from people
    cross join thresholds
    group by
        people.facet, people.period_start_date, people.code,
        thresholds.min_group_people, thresholds.min_group_conversations,
        thresholds.max_person_share
),

final as (
    select
        facet,
        code,

        cast(
            row_number() over (
                partition by facet, period_start_date
                order by is_publishable, people, conversations, md5(code)
            ) as bigint
        ) as code_rank,
        count(case when not is_publishable then 1 end) over (
            partition by facet, period_start_date
        ) as small_codes,

        is_publishable,

        period_start_date
    from groups
)

select * from final
