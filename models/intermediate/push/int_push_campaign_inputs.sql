with

included as (
    select campaign_key, count(*) as recipients
    from {{ ref('fct_push_recipients') }}
    where is_included
    group by campaign_key
),

holdouts as (
    select
        campaign_key,
        {{ joined_text('account_hash', ' ') }} as digest
    from {{ ref('int_push_holdouts') }}
    group by campaign_key
),

parameters as (select * from {{ ref('push_parameters') }}),

kept as (
    {{ kept_digests('int_push_matched_cells', 'campaign_key') }}
),

-- what holds for all; raise the version when equal input makes other cells
settings as (
    select
        cast(
            coalesce(max({{ epoch_us('as_of.tracking_started_at') }}), 0)
            as {{ type_text() }}
        ) || ' version 5 ' || max(
            parameters.post_hours || ' ' || parameters.baseline_hours || ' '
            || parameters.min_baseline_hours || ' ' || parameters.long_hours
            || ' ' || parameters.placebo_weeks || ' '
            || parameters.reachable_hours || ' ' || parameters.activity_metric
        )
        || {{ joined_text('distinct metrics.metric', ' ') }} as digest
    from parameters
    cross join {{ ref('int_as_of') }} as as_of
    cross join {{ ref('push_metrics') }} as metrics
),

inputs as (
    select
        'activity' as kind,
        user_key || activity_type as input_key,
        occurred_at as happened_at
    from {{ ref('fct_user_activity') }}
    where
        activity_type in (
            select metrics.metric from {{ ref('push_metrics') }} as metrics
        )

    union all

    select
        'push' as kind, user_key || campaign_key as input_key,
        sent_at as happened_at
    from {{ ref('fct_notifications') }}

    union all

    select 'user' as kind, user_key as input_key, first_seen_at as happened_at
    from {{ ref('int_push_users') }}
),

dated as (
    select
        kind,
        input_key || cast(
            {{ epoch_us('happened_at') }} as {{ type_text() }}
        ) as input_text,
        cast({{ zone_time('happened_at') }} as date) as input_date
    from inputs
),

-- these change when any row of the day does, whenever it arrives; sums, because
-- the texts of a busy day would not fit into one value
daily as (
    select
        kind,
        input_date,
        count(*) || ' ' || {{ hash_sum('input_text') }} as digest
    from dated
    group by kind, input_date
),

windows as (
    select
        campaigns.campaign_key,
        campaigns.last_sent_at - campaigns.sent_at
        > parameters.rolling_hours * interval '1 hour' as is_rolling,
        campaigns.sent_at - interval '24 hours'
        - parameters.placebo_weeks * interval '168 hours'
        - greatest(parameters.long_hours, parameters.reachable_hours)
        * interval '1 hour' as first_at,
        campaigns.last_sent_at
        + parameters.post_hours * interval '1 hour' as last_at
    from {{ ref('dim_campaigns') }} as campaigns
    cross join parameters
    where not campaigns.is_test
),

digests as (
    select
        windows.campaign_key,
        windows.is_rolling,
        md5(
            max(settings.digest)
            || cast(windows.is_rolling as {{ type_text() }})
            || coalesce(
                {{ joined_text(
                    'daily.digest', ' ', 'daily.kind, daily.input_date'
                ) }}, ''
            )
            || coalesce(max(holdouts.digest), '')
            || coalesce(max(included.recipients), 0)
        ) as input_digest
    from windows
    cross join settings
    left join daily
        on
            cast({{ zone_time('windows.last_at') }} as date)
            >= daily.input_date
            and (
                daily.kind = 'user'
                or cast({{ zone_time('windows.first_at') }} as date)
                <= daily.input_date
            )
    left join holdouts on windows.campaign_key = holdouts.campaign_key
    left join included on windows.campaign_key = included.campaign_key
    group by windows.campaign_key, windows.is_rolling
),

final as (
    select
        digests.campaign_key,
        digests.input_digest,

        digests.is_rolling,
        kept.campaign_key is null as is_due
    from digests
    left join kept
        on
            digests.campaign_key = kept.campaign_key
            and digests.input_digest = kept.input_digest
)

select * from final
