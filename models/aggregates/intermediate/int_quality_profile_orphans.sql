with

persons as (select * from {{ ref('stg_chemlink__persons') }}),

experiences as (select * from {{ ref('stg_chemlink__experiences') }}),

educations as (select * from {{ ref('stg_chemlink__educations') }}),

person_languages as (select * from {{ ref('stg_chemlink__person_languages') }}),

as_of as (select * from {{ ref('int_as_of') }}),

links as (
    select
        'chemlink.experiences.person_id' as subject,
        'person' as parent,
        person_id as parent_id,
        created_at
    from experiences

    union all

    select
        'chemlink.education.person_id' as subject,
        'person' as parent,
        person_id as parent_id,
        created_at
    from educations

    union all

    select
        'chemlink.person_languages.person_id' as subject,
        'person' as parent,
        person_id as parent_id,
        created_at
    from person_languages
),

parents as (
    select
        'person' as parent,
        person_id as parent_id
    from persons
),

final as (
    {{ quality_orphans('links', 'parents', 'as_of') }}
)

select * from final
