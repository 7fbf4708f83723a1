{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='alert_id',
        on_schema_change='append_new_columns',
        full_refresh=false
    )
}}

with

sightings as (select * from {{ ref('int_alert_sightings') }}),

thresholds as (
    select * from {{ ref('telemetry_thresholds') }}
    where bucket = 'day'
),

as_of as (select * from {{ ref('int_telemetry_as_of') }}),

-- whatever is seen of a subject after the last sighting resolves it
followed as (
    select
        *,
        lead(seen_at) over (
            partition by subject_id
            order by seen_at
        ) as next_seen_at
    from sightings
),

marked as (
    select
        followed.*,
        thresholds.same_fault_days,
        lag(followed.seen_at) over (
            partition by followed.subject_id, followed.kind
            order by followed.seen_at
        ) as last_seen_at
    from followed
    cross join thresholds
    where followed.kind is not null
),

numbered as (
    select
        *,
        sum(case
            when
                last_seen_at
                >= seen_at - same_fault_days * interval '24 hours'
                then 0
            else 1
        end)
            over (
                partition by subject_id, kind
                order by seen_at
                rows between unbounded preceding and current row
            ) as alert_number
    from marked
),

ranked as (
    select
        *,
        min(seen_at) over (
            partition by subject_id, kind, alert_number
        ) as opened_at,
        count(*) over (
            partition by subject_id, kind, alert_number
        ) as times_seen,
        max(case when severity = 'critical' then 1 else 0 end) over (
            partition by subject_id, kind, alert_number
        ) as is_critical,
        row_number() over (
            partition by subject_id, kind, alert_number
            order by seen_at desc
        ) as newest_first
    from numbered
),

current_alerts as (
    select
        md5(
            metric || ' ' || tags || ' ' || kind || ' '
            || cast(round({{ epoch_us('opened_at') }} / 1000000.0) as bigint)
        ) as alert_id,
        kind,
        case when is_critical = 1 then 'critical' else 'warning' end
            as alert_severity,
        metric,
        tags,
        message,
        times_seen,
        opened_at,
        seen_at as last_seen_at,
        next_seen_at as resolved_at
    from ranked
    where newest_first = 1
),

{% if is_incremental() %}
-- what was told stays, also if the figures were mended since
    former_alerts as (
        select former.*
        from {{ this }} as former
        left join current_alerts
            on former.alert_id = current_alerts.alert_id
        where current_alerts.alert_id is null and former.resolved_at is null
    ),
{% endif %}

final as (
    select * from current_alerts
    {% if is_incremental() %}
        union all
        select
            former_alerts.alert_id,
            former_alerts.kind,
            former_alerts.alert_severity,
            former_alerts.metric,
            former_alerts.tags,
            former_alerts.message,
            former_alerts.times_seen,
            former_alerts.opened_at,
            former_alerts.last_seen_at,
            as_of.as_of as resolved_at
        from former_alerts
        cross join as_of
    {% endif %}
)

select * from final
