with

experiences as (select * from {{ ref('stg_chemlink__experiences') }}),

educations as (select * from {{ ref('stg_chemlink__educations') }}),

access_grants as (select * from {{ ref('stg_chemlink__access_grants') }}),

profile_updates as (select * from {{ ref('int_profile_updates') }}),

final as (
    select
        cast(person_id as text) as account_id,
        'experience_added' as activity_type,
        'chemlink' as source_system,
        'experiences' as source_table,
        cast(experience_id as text) as source_id,
        created_at as occurred_at
    from experiences

    union all

    select
        cast(person_id as text) as account_id,
        'education_added' as activity_type,
        'chemlink' as source_system,
        'education' as source_table,
        cast(education_id as text) as source_id,
        created_at as occurred_at
    from educations

    union all

    select
        cast(person_id as text) as account_id,
        'view_access_granted' as activity_type,
        'chemlink' as source_system,
        'view_access' as source_table,
        cast(access_grant_id as text) as source_id,
        created_at as occurred_at
    from access_grants

    union all

    select
        account_id,
        'profile_updated' as activity_type,
        source_system,
        'persons' as source_table,
        account_id || '-' || cast(update_number as text) as source_id,
        updated_at as occurred_at
    from profile_updates
)

select * from final
