with

daily as (select * from {{ ref('int_push_daily_inputs') }}),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
    where not is_test
),

counts as (select * from {{ ref('int_push_recipient_counts') }}),

parameters as (select * from {{ ref('push_parameters') }}),

metrics as (select * from {{ ref('push_metrics') }}),

holdouts as (select * from {{ ref('push_holdouts') }}),

as_of as (select * from {{ ref('int_as_of') }}),

-- what holds for all; raise the version when equal input makes other cells
settings as (
    select
        coalesce(
            cast(max(extract(epoch from as_of.tracking_started_at)) as bigint),
            0
        )
        || ' version 2 ' || max(
            parameters.post_hours || ' ' || parameters.baseline_hours || ' '
            || parameters.min_baseline_hours || ' ' || parameters.long_hours
            || ' ' || parameters.placebo_weeks || ' '
            || parameters.reachable_hours || ' ' || parameters.activity_metric
        )
        || string_agg(distinct metrics.metric, ' ' order by metrics.metric)
            as digest
    from parameters
    cross join as_of
    cross join metrics
),

windows as (
    select
        campaigns.campaign_key,
        cast(
            (
                campaigns.sent_at - interval '24 hours'
                - parameters.placebo_weeks * interval '168 hours'
                - greatest(parameters.long_hours, parameters.reachable_hours)
                * interval '1 hour'
            ) at time zone 'UTC' as date
        ) as first_date,
        cast(
            (
                campaigns.last_sent_at
                + parameters.post_hours * interval '1 hour'
            ) at time zone 'UTC' as date
        ) as last_date
    from campaigns
    cross join parameters
),

daily_digests as (
    select
        windows.campaign_key,
        string_agg(
            daily.input_digest, ' ' order by daily.kind, daily.input_date
        ) as digest
    from windows
    left join daily
        on
            windows.last_date >= daily.input_date
            and (daily.kind = 'user' or windows.first_date <= daily.input_date)
    group by windows.campaign_key
),

holdout_digests as (
    select
        campaign_key,
        string_agg(account_hash, ' ' order by account_hash) as digest
    from holdouts
    group by campaign_key
),

final as (
    select
        daily_digests.campaign_key,
        md5(
            settings.digest
            || coalesce(daily_digests.digest, '')
            || coalesce(holdout_digests.digest, '')
            || coalesce(counts.n_included, 0)
        ) as input_digest
    from daily_digests
    cross join settings
    left join counts
        on daily_digests.campaign_key = counts.campaign_key
    left join holdout_digests
        on daily_digests.campaign_key = holdout_digests.campaign_key
)

select * from final
