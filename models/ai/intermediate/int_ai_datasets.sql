with

datasets as (select * from {{ ref('ai_datasets') }}),

as_of as (select * from {{ ref('int_as_of') }}),

activity as (select * from {{ ref('fct_user_activity') }}),

accounts as (select * from {{ ref('int_account_versions') }}),

dates as (
    select
        source_system,
        occurred_at as dated_at
    from activity
    union all
    select
        source_system,
        created_at as dated_at
    from accounts
),

-- int_as_of says until when the app is known
newest as (
    select
        dates.source_system,
        max(dates.dated_at) as dated_at
    from dates
    inner join as_of
        on dates.dated_at <= as_of.as_of
    where dates.source_system not in ('app', 'posthog')
    group by dates.source_system
),

oldest as (
    select min(dated_at) as dated_at from newest
),

final as (
    select
        datasets.dataset,
        datasets.version || '-' || replace(
            cast(cast(as_of.as_of at time zone 'UTC' as date) as text), '-', ''
        ) as dataset_version,

        as_of.as_of,
        as_of.tracking_started_at,
        -- who did nothing there since is not silent: it may not be loaded yet
        least(as_of.tracked_until_at, oldest.dated_at) as known_until_at
    from datasets
    cross join as_of
    cross join oldest
    where as_of.as_of is not null
)

select * from final
