with

persons as (select * from {{ ref('stg_chemlink__persons') }}),

experiences as (select * from {{ ref('stg_chemlink__experiences') }}),

educations as (select * from {{ ref('stg_chemlink__educations') }}),

person_languages as (select * from {{ ref('stg_chemlink__person_languages') }}),

access_grants as (select * from {{ ref('stg_chemlink__access_grants') }}),

as_of as (select * from {{ ref('int_as_of') }}),

table_rows as (
    select
        'chemlink.persons' as subject,
        created_at,
        updated_at,
        deleted_at,
        has_implausible_time
    from persons

    union all

    select
        'chemlink.experiences' as subject,
        created_at,
        updated_at,
        deleted_at,
        has_implausible_time
    from experiences

    union all

    select
        'chemlink.education' as subject,
        created_at,
        updated_at,
        deleted_at,
        has_implausible_time
    from educations

    union all

    select
        'chemlink.person_languages' as subject,
        created_at,
        updated_at,
        deleted_at,
        has_implausible_time
    from person_languages

    union all

    select
        'chemlink.view_access' as subject,
        created_at,
        updated_at,
        deleted_at,
        has_implausible_time
    from access_grants
),

final as (
    {{ quality_tables('table_rows', 'as_of') }}
)

select * from final
