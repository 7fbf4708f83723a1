with

days as (select * from {{ ref('dim_date') }}),

account_activity as (select * from {{ ref('int_account_activity') }}),

searches as (select * from {{ ref('stg_chemlink__searches') }}),

finder_profiles as (select * from {{ ref('stg_chemlink__finder_profiles') }}),

conversations as (select * from {{ ref('stg_engagement__conversations') }}),

as_of as (select * from {{ ref('int_as_of') }}),

uses as (
    select
        case source_table
            when 'query_votes' then 'finder'
            when 'collections' then 'collections'
            when 'collection_profiles' then 'collections'
            when 'collection_collaborators' then 'collections'
            when 'groups' then 'groups_and_moderation'
            when 'group_members' then 'groups_and_moderation'
            when 'mentions' then 'groups_and_moderation'
            when 'reports' then 'groups_and_moderation'
            when 'messages' then 'messaging'
            when 'sessions' then 'logins'
        end as feature,
        occurred_at
    from account_activity

    union all

    select 'finder' as feature, created_at as occurred_at from searches

    union all

    select 'finder' as feature, created_at as occurred_at from finder_profiles

    union all

    select 'messaging' as feature, created_at as occurred_at from conversations
),

starts as (
    select
        uses.feature,
        {{ reporting_date('min(uses.occurred_at)') }} as first_date
    from uses
    inner join as_of
        on uses.occurred_at <= as_of.as_of
    where uses.feature is not null
    group by 1
),

final as (
    select
        starts.feature,

        days.date_day as metric_date
    from starts
    inner join days
        on starts.first_date <= days.date_day
)

select * from final
