with

days as (select * from {{ ref('dim_date') }}),

account_activity as (select * from {{ ref('int_account_activity') }}),

searches as (select * from {{ ref('stg_chemlink__searches') }}),

finder_profiles as (select * from {{ ref('stg_chemlink__finder_profiles') }}),

conversations as (select * from {{ ref('stg_engagement__conversations') }}),

as_of as (select * from {{ ref('int_as_of') }}),

coverage as (select * from {{ ref('int_data_coverage') }}),

uses as (
    select
        case source_table
            when 'posts' then 'content'
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
            when 'conversations' then 'assistant'
            when 'service_jobs' then 'assistant'
            when 'user_actions' then 'assistant'
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

        coalesce(days.date_day < coverage.open_from_date, false) as is_complete,

        days.date_day as metric_date
    from starts
    inner join days
        on starts.first_date <= days.date_day
    inner join coverage
        on
            coverage.subject = case
                when starts.feature in ('finder', 'collections') then 'chemlink'
                when starts.feature = 'logins' then 'login'
                when starts.feature = 'assistant' then 'assistant'
                else 'engagement'
            end
)

select * from final
