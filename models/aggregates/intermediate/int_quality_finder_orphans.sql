with

persons as (select * from {{ ref('stg_chemlink__persons') }}),

votes as (select * from {{ ref('stg_chemlink__votes') }}),

finder_profiles as (select * from {{ ref('stg_chemlink__finder_profiles') }}),

access_grants as (select * from {{ ref('stg_chemlink__access_grants') }}),

as_of as (select * from {{ ref('int_as_of') }}),

links as (
    select
        'chemlink.query_votes.voter_id' as subject,
        voter_person_id as person_id,
        created_at
    from votes

    union all

    select
        'chemlink.query_votes.profile_id' as subject,
        rated_person_id as person_id,
        created_at
    from votes

    union all

    select
        'chemlink.embeddings.person_id' as subject,
        person_id,
        created_at
    from finder_profiles

    union all

    select
        'chemlink.view_access.person_id' as subject,
        person_id,
        created_at
    from access_grants
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
