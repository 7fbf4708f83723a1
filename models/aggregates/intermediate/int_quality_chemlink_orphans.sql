with

persons as (select * from {{ ref('stg_chemlink__persons') }}),

experiences as (select * from {{ ref('stg_chemlink__experiences') }}),

collections as (select * from {{ ref('stg_chemlink__collections') }}),

collection_profiles as (
    select * from {{ ref('stg_chemlink__collection_profiles') }}
),

votes as (select * from {{ ref('stg_chemlink__votes') }}),

as_of as (select * from {{ ref('int_as_of') }}),

linked as (
    select
        'chemlink.experiences.person_id' as subject,
        experiences.created_at,
        persons.person_id is null as is_orphan
    from experiences
    left join persons
        on experiences.person_id = persons.person_id
    where experiences.person_id is not null

    union all

    select
        'chemlink.collections.person_id' as subject,
        collections.created_at,
        persons.person_id is null as is_orphan
    from collections
    left join persons
        on collections.creator_person_id = persons.person_id
    where collections.creator_person_id is not null

    union all

    select
        'chemlink.collection_profiles.collection_id' as subject,
        collection_profiles.created_at,
        collections.collection_id is null as is_orphan
    from collection_profiles
    left join collections
        on collection_profiles.collection_id = collections.collection_id
    where collection_profiles.collection_id is not null

    union all

    select
        'chemlink.query_votes.voter_id' as subject,
        votes.created_at,
        persons.person_id is null as is_orphan
    from votes
    left join persons
        on votes.voter_person_id = persons.person_id
    where votes.voter_person_id is not null

    union all

    select
        'chemlink.query_votes.profile_id' as subject,
        votes.created_at,
        persons.person_id is null as is_orphan
    from votes
    left join persons
        on votes.rated_person_id = persons.person_id
    where votes.rated_person_id is not null
),

final as (
    select
        'orphans' as check_name,
        linked.subject,

        count(*) filter (where linked.is_orphan) as numerator,
        count(*) as denominator
    from linked
    inner join as_of
        on linked.created_at <= as_of.as_of
    group by 2
)

select * from final
