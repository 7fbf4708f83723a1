with

codes as (select * from {{ ref('int_insight_codes') }}),

published_codes as (select * from {{ ref('int_insight_published_codes') }}),

thresholds as (select * from {{ ref('insight_thresholds') }}),

people as (
    select
        published_codes.facet,
        published_codes.period_start_date,
        published_codes.published_code,
        codes.user_key,
        sum(codes.conversation_count) as conversations
    from codes
    inner join published_codes
        on
            codes.facet = published_codes.facet
            and codes.period_start_date = published_codes.period_start_date
            and codes.code = published_codes.code
    where published_codes.is_countable
    group by
        published_codes.facet,
        published_codes.period_start_date,
        published_codes.published_code,
        codes.user_key
),

withheld as (
    select
        facet,
        period_start_date,
        count(*) as codes
    from published_codes
    where published_code = 'withheld'
    group by facet, period_start_date
)

select
    people.facet,
    people.period_start_date,
    people.published_code,
    count(*) as people
from people
left join withheld
    on
        people.facet = withheld.facet
        and people.period_start_date = withheld.period_start_date
        and people.published_code = 'withheld'
cross join thresholds
group by people.facet, people.period_start_date, people.published_code
having
    count(*) < min(thresholds.min_group_people)
    or sum(people.conversations) < min(thresholds.min_group_conversations)
    or min(withheld.codes) = 1
    or (
        people.published_code <> 'withheld'
        and max(people.conversations)
        > min(thresholds.max_person_share) * sum(people.conversations)
    )
