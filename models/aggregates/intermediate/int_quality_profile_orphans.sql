with

persons as (select * from {{ ref('stg_chemlink__persons') }}),

experiences as (select * from {{ ref('stg_chemlink__experiences') }}),

educations as (select * from {{ ref('stg_chemlink__educations') }}),

person_languages as (select * from {{ ref('stg_chemlink__person_languages') }}),

as_of as (select * from {{ ref('int_as_of') }}),

links as (
    select
        'chemlink.experiences.person_id' as subject,
        person_id,
        created_at
    from experiences

    union all

    select
        'chemlink.education.person_id' as subject,
        person_id,
        created_at
    from educations

    union all

    select
        'chemlink.person_languages.person_id' as subject,
        person_id,
        created_at
    from person_languages
),

final as (
    select
        'orphans' as check_name,
        links.subject,

        count(*) filter (where persons.person_id is null) as numerator,
        count(*) as denominator
    from links
    inner join as_of
        on links.created_at <= as_of.as_of
    left join persons
        on links.person_id = persons.person_id
    where links.person_id is not null
    group by links.subject
)

select * from final
