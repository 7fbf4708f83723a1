with

versions as (select * from {{ ref('int_profile_versions') }}),

experiences as (select * from {{ ref('stg_chemlink__experiences') }}),

educations as (select * from {{ ref('stg_chemlink__educations') }}),

as_of as (select * from {{ ref('int_as_of') }}),

entries as (
    select person_id, created_at, deleted_at, 1 as experiences, 0 as educations
    from experiences

    union all

    select person_id, created_at, deleted_at, 0 as experiences, 1 as educations
    from educations
),

changes as (
    select
        person_id,
        valid_from_at as changed_at,
        version_number,
        0 as experience_change,
        0 as education_change
    from versions

    union all

    select
        person_id,
        created_at as changed_at,
        0 as version_number,
        experiences as experience_change,
        educations as education_change
    from entries

    union all

    select
        person_id,
        greatest(created_at, deleted_at) as changed_at,
        0 as version_number,
        -experiences as experience_change,
        -educations as education_change
    from entries
    where created_at is not null and deleted_at is not null

    union all

    select
        person_id,
        created_at as changed_at,
        0 as version_number,
        0 as experience_change,
        0 as education_change
    from versions
    where version_number = 1
),

-- what stood on the profile at sign-up came with it
summed as (
    select
        people.person_id,
        greatest(people.created_at, changes.changed_at) as changed_at,
        max(changes.version_number) as version_number,
        sum(changes.experience_change) as experience_change,
        sum(changes.education_change) as education_change
    from changes
    cross join as_of
    inner join versions as people
        on
            changes.person_id = people.person_id
            and people.version_number = 1
    where changes.changed_at <= as_of.as_of
    group by 1, 2
),

final as (
    select
        person_id,

        max(version_number) over changes_until_now as version_number,
        cast(sum(experience_change) over changes_until_now as bigint)
            as experience_count,
        cast(sum(education_change) over changes_until_now as bigint)
            as education_count,

        changed_at
    from summed
    window changes_until_now as (partition by person_id order by changed_at)
)

select * from final
