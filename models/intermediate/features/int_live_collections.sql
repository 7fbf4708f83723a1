with

collections as (select * from {{ ref('stg_chemlink__collections') }}),

versions as (select * from {{ ref('int_collection_versions') }}),

accounts as (select * from {{ ref('int_eligible_accounts') }}),

as_of as (select * from {{ ref('int_as_of') }}),

-- what begins and ends within one day never sees the end of one
stretches as (
    select
        versions.collection_id,
        versions.privacy,
        {{ reporting_date('versions.valid_from_at') }} as live_from_date,
        {{ reporting_date('versions.valid_until_at') }} as valid_until_date,
        case
            when collections.deleted_at <= as_of.as_of
                then {{ reporting_date('collections.deleted_at') }}
        end as deleted_date
    from versions
    inner join collections
        on versions.collection_id = collections.collection_id
    inner join accounts
        on
            accounts.source_system = 'chemlink'
            and cast(collections.creator_person_id as {{ type_text() }})
            = accounts.account_id
    cross join as_of
),

final as (
    select
        collection_id,

        privacy,

        live_from_date,
        least(valid_until_date, deleted_date) as live_until_date
    from stretches
    where
        live_from_date < least(valid_until_date, deleted_date)
        or least(valid_until_date, deleted_date) is null
)

select * from final
