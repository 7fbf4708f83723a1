with

baselines as (
    select * from {{ ref('agg_metric_baselines') }}
    where is_judged
),

deviations as (
    select * from {{ ref('agg_metric_deviations') }}
    where alert_severity in ('warning', 'critical')
),

runs as (select * from {{ ref('int_run_sightings') }}),

-- what ran and failed is in a series of its own, and not missing
ran as (
    select distinct
        metric,
        split_part(tags, ', "status"', 1) as what,
        bucket_starts_at
    from baselines
    where value is not null
),

compared as (
    select
        baselines.series_id as subject_id,
        case
            when ran.what is null then deviations.alert_severity
        end as severity,
        case
            when deviations.series_id is null or ran.what is not null then null
            when deviations.direction <> 'missing' then 'deviation'
            when baselines.metric = 'load.seconds' then 'stale_source'
            when
                baselines.metric in ('command.seconds', 'night.stage_seconds')
                then 'missing_run'
            else 'deviation'
        end as kind,
        baselines.metric,
        baselines.tags,
        case
            when deviations.direction = 'missing' then 'no sample'
            else
                cast(
                    cast(deviations.value as decimal(38, 2))
                    as {{ type_text() }}
                )
                || ' instead of '
                || cast(
                    cast(deviations.median as decimal(38, 2))
                    as {{ type_text() }}
                )
                -- of next to nothing anything is many times as much
                || case
                    when abs(deviations.change_share) < 10000
                        then
                            ' ('
                            || case deviations.direction
                                when 'up' then '+' else ''
                            end
                            || cast(cast(
                                round(100 * deviations.change_share) as bigint
                            ) as {{ type_text() }})
                            || ' %)'
                    else ''
                end
        end as message,
        baselines.bucket_starts_at as seen_at
    from baselines
    left join deviations
        on
            baselines.series_id = deviations.series_id
            and baselines.bucket_starts_at = deviations.bucket_starts_at
    left join ran
        on
            deviations.direction = 'missing'
            and baselines.metric = ran.metric
            and split_part(baselines.tags, ', "status"', 1) = ran.what
            and baselines.bucket_starts_at = ran.bucket_starts_at
),

final as (
    select
        subject_id,

        kind,
        severity,
        metric,
        tags,
        message,

        seen_at
    from runs

    union all

    select
        subject_id,

        kind,
        severity,
        metric,
        tags,
        message,

        seen_at
    from compared
)

select * from final
