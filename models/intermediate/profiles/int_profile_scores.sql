with

changes as (select * from {{ ref('int_profile_changes') }}),

versions as (select * from {{ ref('int_profile_versions') }}),

profile_weights as (select * from {{ ref('profile_weights') }}),

parameters as (select * from {{ ref('activity_parameters') }}),

-- the oldest known version stands for the time before it
states as (
    select
        versions.user_key,
        versions.location_id,
        versions.company_id,
        versions.role_id,
        changes.changed_at,
        changes.version_number > 0 as is_known,
        versions.has_first_name,
        versions.has_last_name,
        versions.has_email,
        coalesce(
            versions.headline_length >= parameters.headline_min_length, false
        ) as has_headline,
        versions.has_linked_in,
        changes.experience_count > 0 as has_experience,
        changes.education_count > 0 as has_education,
        versions.has_location
    from changes
    cross join parameters
    inner join versions
        on
            changes.person_id = versions.person_id
            and greatest(changes.version_number, 1) = versions.version_number
),

scored as (
    select
        states.user_key,
        states.location_id,
        states.company_id,
        states.role_id,
        states.changed_at,
        states.is_known,
        states.has_first_name
        and states.has_last_name
        and states.has_email as has_basic_info,
        states.has_experience,
        states.has_education,
        cast(sum(
            case profile_weights.profile_part
                when 'first_name' then cast(states.has_first_name as integer)
                when 'last_name' then cast(states.has_last_name as integer)
                when 'email' then cast(states.has_email as integer)
                when 'headline' then cast(states.has_headline as integer)
                when 'linked_in' then cast(states.has_linked_in as integer)
                when 'experience' then cast(states.has_experience as integer)
                when 'education' then cast(states.has_education as integer)
                when 'location' then cast(states.has_location as integer)
            end * profile_weights.weight
        ) as bigint) as profile_completion_score
    from states
    cross join profile_weights
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
),

final as (
    select
        scored.user_key,
        scored.location_id,
        scored.company_id,
        scored.role_id,

        scored.profile_completion_score,

        scored.profile_completion_score >= parameters.complete_profile_score
            as is_complete,
        scored.has_basic_info,
        scored.has_experience,
        scored.has_education,
        scored.is_known,

        scored.changed_at as valid_from_at,
        lead(scored.changed_at) over (
            partition by scored.user_key
            order by scored.changed_at
        ) as valid_until_at
    from scored
    cross join parameters
)

select * from final
