with

live_collections as (select * from {{ ref('int_live_collections') }}),

collaborations as (select * from {{ ref('int_collaborations') }}),

finder_profiles as (select * from {{ ref('stg_chemlink__finder_profiles') }}),

accounts as (select * from {{ ref('int_eligible_accounts') }}),

as_of as (select * from {{ ref('int_as_of') }}),

unioned as (
    select
        'collections' as stock,
        privacy as segment,
        cast(collection_id as {{ type_text() }}) as member,
        live_from_date as from_date,
        live_until_date as until_date
    from live_collections

    union all

    select
        'collaborators' as stock,
        privacy as segment,
        user_key as member,
        live_from_date as from_date,
        live_until_date as until_date
    from collaborations

    union all

    select
        'finder_profiles' as stock,
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
            and cast(finder_profiles.person_id as {{ type_text() }})
            = accounts.account_id
),

stretches as (
    select
        stock,
        segment,
        member,
        from_date,
        until_date
    from unioned
    where from_date < until_date or until_date is null
),

steps as (
    select stock, segment, member, from_date as changed_date, 1 as step
    from stretches
    union all
    select stock, segment, member, until_date as changed_date, -1 as step
    from stretches
    where until_date is not null
),

holdings as (
    select
        stock,
        segment,
        member,
        changed_date,
        sum(sum(step)) over running as stretch_count
    from steps
    group by stock, segment, member, changed_date
    window running as (
        partition by stock, segment, member
        order by changed_date
    )
),

-- a member counts once, however many of its stretches overlap
changes as (
    select
        stock,
        segment,
        changed_date,
        least(stretch_count, 1)
        - coalesce(lag(least(stretch_count, 1)) over running, 0)
            as stock_change
    from holdings
    window running as (
        partition by stock, segment, member
        order by changed_date
    )
),

final as (
    select
        stock,
        segment,

        cast(sum(stock_change) as bigint) as stock_change,

        changed_date
    from changes
    group by stock, segment, changed_date
)

select * from final
