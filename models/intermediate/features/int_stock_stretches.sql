with

live_collections as (select * from {{ ref('int_live_collections') }}),

collaborations as (select * from {{ ref('int_collaborations') }}),

finder_profiles as (select * from {{ ref('stg_chemlink__finder_profiles') }}),

accounts as (select * from {{ ref('int_counted_accounts') }}),

as_of as (select * from {{ ref('int_as_of') }}),

unioned as (
    select
        'collections' as stock,
        collection_id as source_id,
        privacy as segment,
        cast(collection_id as text) as member,
        live_from_date as from_date,
        live_until_date as until_date
    from live_collections

    union all

    select
        'collaborators' as stock,
        collection_collaborator_id as source_id,
        privacy as segment,
        user_key as member,
        live_from_date as from_date,
        live_until_date as until_date
    from collaborations

    union all

    select
        'finder_profiles' as stock,
        finder_profiles.finder_profile_id as source_id,
        'all' as segment,
        accounts.user_key as member,
        {{ reporting_date('finder_profiles.created_at') }} as from_date,
        case
            when finder_profiles.deleted_at <= as_of.as_of
                then {{ reporting_date('finder_profiles.deleted_at') }}
        end as until_date
    from finder_profiles
    inner join as_of
        on finder_profiles.created_at <= as_of.as_of
    inner join accounts
        on
            accounts.source_system = 'chemlink'
            and cast(finder_profiles.person_id as text) = accounts.account_id
),

final as (
    select
        stock || '|' || source_id || '|' || from_date as stretch_key,

        stock,
        segment,
        member,

        from_date,
        until_date
    from unioned
    where from_date < until_date or until_date is null
)

select * from final
