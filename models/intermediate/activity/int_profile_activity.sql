with

experiences as (select * from {{ ref('stg_chemlink__experiences') }}),

educations as (select * from {{ ref('stg_chemlink__educations') }}),

access_grants as (select * from {{ ref('stg_chemlink__access_grants') }}),

chemlink_persons as (select * from {{ ref('chemlink_persons_history') }}),

engagement_persons as (select * from {{ ref('engagement_persons_history') }}),

parameters as (select * from {{ ref('activity_parameters') }}),

-- a deletion makes a version too, with the time of the update before it
versions as (
    select
        'chemlink' as source_system,
        cast(person_id as {{ type_text() }}) as account_id,
        created_at,
        updated_at
    from chemlink_persons

    union distinct

    select
        'engagement' as source_system,
        person_id as account_id,
        created_at,
        updated_at
    from engagement_persons
),

-- a bulk job moves many rows within a minute
counted as (
    select
        source_system,
        account_id,
        created_at,
        updated_at,
        row_number() over (
            partition by source_system, account_id
            order by updated_at
        ) as update_number,
        count(*) over (
            partition by source_system, date_trunc('minute', updated_at)
        ) as updates_of_minute
    from versions
),

profile_updates as (
    select
        counted.source_system,
        counted.account_id,
        counted.update_number,
        counted.updated_at
    from counted
    cross join parameters
    where
        counted.updated_at > counted.created_at
        and counted.updates_of_minute < parameters.bulk_update_rows_per_minute
),

final as (
    select
        cast(person_id as {{ type_text() }}) as account_id,
        'experience_added' as activity_type,
        'chemlink' as source_system,
        'experiences' as source_table,
        cast(experience_id as {{ type_text() }}) as source_id,
        created_at as occurred_at
    from experiences

    union all

    select
        cast(person_id as {{ type_text() }}) as account_id,
        'education_added' as activity_type,
        'chemlink' as source_system,
        'education' as source_table,
        cast(education_id as {{ type_text() }}) as source_id,
        created_at as occurred_at
    from educations

    union all

    select
        cast(person_id as {{ type_text() }}) as account_id,
        'view_access_granted' as activity_type,
        'chemlink' as source_system,
        'view_access' as source_table,
        cast(access_grant_id as {{ type_text() }}) as source_id,
        created_at as occurred_at
    from access_grants

    union all

    select
        account_id,
        'profile_updated' as activity_type,
        source_system,
        'persons' as source_table,
        account_id || '-' || cast(update_number as {{ type_text() }})
            as source_id,
        updated_at as occurred_at
    from profile_updates
)

select * from final
