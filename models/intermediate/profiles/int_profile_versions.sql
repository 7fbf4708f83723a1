with

history as (select * from {{ ref('chemlink_persons_history') }}),

as_of as (select * from {{ ref('int_as_of') }}),

numbered as (
    select
        *,
        cast(row_number() over versions as bigint) as version_number,
        -- who has no date of sign-up was there at their first change
        coalesce(created_at, min(dbt_valid_from) over versions) as signed_up_at
    from history
    window versions as (partition by person_id order by dbt_valid_from)
),

-- the oldest known version stands for the time before it
final as (
    select
        numbered.person_id,
        numbered.user_key,
        numbered.location_id,
        numbered.company_id,
        numbered.role_id,

        numbered.version_number,
        numbered.headline_length,

        numbered.has_first_name,
        numbered.has_last_name,
        numbered.email_hash is not null as has_email,
        numbered.has_linked_in,
        numbered.location_id is not null as has_location,
        numbered.has_finder,

        numbered.signed_up_at as created_at,
        numbered.dbt_valid_from as valid_from_at
    from numbered
    cross join as_of
    where
        numbered.signed_up_at <= as_of.as_of
        and (
            numbered.version_number = 1
            or numbered.dbt_valid_from <= as_of.as_of
        )
)

select * from final
