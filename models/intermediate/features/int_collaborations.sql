with

collaborators as (
    select * from {{ ref('stg_chemlink__collection_collaborators') }}
),

live_collections as (select * from {{ ref('int_live_collections') }}),

accounts as (
    select * from {{ ref('int_eligible_accounts') }}
    where source_system = 'chemlink'
),

as_of as (select * from {{ ref('int_as_of') }}),

shares as (
    select
        collaborators.collection_collaborator_id,
        collaborators.collection_id,
        accounts.user_key,
        {{ reporting_date('collaborators.created_at') }} as shared_date,
        case
            when collaborators.deleted_at <= as_of.as_of
                then {{ reporting_date('collaborators.deleted_at') }}
        end as ended_date
    from collaborators
    inner join as_of
        on collaborators.created_at <= as_of.as_of
    inner join accounts
        on
            cast(collaborators.collaborator_person_id as {{ type_text() }})
            = accounts.account_id
),

stretches as (
    select
        shares.collection_collaborator_id,
        shares.user_key,
        live_collections.privacy,
        greatest(shares.shared_date, live_collections.live_from_date)
            as live_from_date,
        least(shares.ended_date, live_collections.live_until_date)
            as live_until_date
    from shares
    inner join live_collections
        on shares.collection_id = live_collections.collection_id
),

final as (
    select
        collection_collaborator_id,
        user_key,

        privacy,

        live_from_date,
        live_until_date
    from stretches
    where live_from_date < live_until_date or live_until_date is null
)

select * from final
