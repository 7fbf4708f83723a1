with

persons as (select * from {{ ref('stg_chemlink__persons') }}),

experiences as (select * from {{ ref('stg_chemlink__experiences') }}),

educations as (select * from {{ ref('stg_chemlink__educations') }}),

collections as (select * from {{ ref('stg_chemlink__collections') }}),

votes as (select * from {{ ref('stg_chemlink__votes') }}),

as_of as (select * from {{ ref('int_as_of') }}),

table_rows as (
    select
        'chemlink.persons' as subject,
        created_at,
        deleted_at
    from persons

    union all

    select
        'chemlink.experiences' as subject,
        created_at,
        deleted_at
    from experiences

    union all

    select
        'chemlink.education' as subject,
        created_at,
        deleted_at
    from educations

    union all

    select
        'chemlink.collections' as subject,
        created_at,
        deleted_at
    from collections

    union all

    select
        'chemlink.query_votes' as subject,
        created_at,
        deleted_at
    from votes
),

final as (
    select
        'soft_deletes' as check_name,
        table_rows.subject,

        count(*) filter (where table_rows.deleted_at <= as_of.as_of)
            as numerator,
        count(*) as denominator
    from table_rows
    inner join as_of
        on table_rows.created_at <= as_of.as_of
    group by 2
)

select * from final
