-- the running sum of the last known day and of each first of a month, counted
-- once more the slow way
with

as_of as (select * from {{ ref('int_as_of') }}),

accounts as (
    select * from {{ ref('int_eligible_accounts') }}
    where source_system = 'chemlink'
),

profiles as (select * from {{ ref('stg_chemlink__finder_profiles') }}),

metrics as (
    select
        *,
        metric_date = max(metric_date) over ()
        or extract(day from metric_date) = 1 as is_checked
    from {{ ref('agg_finder') }}
    where is_complete
)

select
    metrics.metric_date,
    metrics.finder_profiles,
    count(distinct accounts.user_key) as recounted
from metrics
cross join as_of
left join profiles
    on
        metrics.metric_date >= {{ reporting_date('profiles.created_at') }}
        and as_of.as_of >= profiles.created_at
        and (
            profiles.deleted_at is null
            or as_of.as_of < profiles.deleted_at
            or metrics.metric_date < {{ reporting_date('profiles.deleted_at') }}
        )
left join accounts
    on cast(profiles.person_id as {{ type_text() }}) = accounts.account_id
where metrics.is_checked
group by metrics.metric_date, metrics.finder_profiles
having metrics.finder_profiles <> count(distinct accounts.user_key)
