{% set hour = 3600 * 1000000 %}

with

subjects as (select * from {{ ref('int_push_subjects') }}),

users as (select * from {{ ref('int_push_users') }}),

histories as (select * from {{ ref('int_push_subject_histories') }}),

parameters as (select * from {{ ref('push_parameters') }}),

-- in microseconds, which are whole numbers on both engines
timed as (
    select
        subjects.*,
        subjects.arm in ('reachable', 'unreachable') as is_control,
        histories.exposed_seconds,
        histories.day_count,
        histories.week_count,
        histories.push_count,
        {{ epoch_us('subjects.index_at') }} as index_us,
        {{ epoch_us('subjects.received_at') }} as received_us,
        {{ epoch_us('histories.last_active_at') }} as last_active_us,
        {{ epoch_us('users.first_seen_at') }} as first_seen_us,
        {{ epoch_us('users.observed_from_at') }} as observed_from_us,
        parameters.baseline_hours * 3600 as baseline_seconds,
        parameters.min_baseline_hours * 3600 as min_baseline_seconds,
        parameters.long_hours * 3600 as whole_seconds,
        parameters.post_hours * {{ hour }} as post_us
    from subjects
    cross join parameters
    inner join users
        on subjects.user_key = users.user_key
    inner join histories
        on
            subjects.user_key = histories.user_key
            and subjects.index_at = histories.index_at
),

observed as (
    select
        *,
        cast(
            floor(
                cast(index_us - observed_from_us as {{ type_double() }})
                / 1000000
            ) as bigint
        ) as observed_seconds,
        floor(
            cast(index_us - first_seen_us as {{ type_double() }}) / {{ hour }}
        )
            as tenure_hours,
        cast(index_us - last_active_us as {{ type_double() }}) / {{ hour }}
            as silent_hours,
        coalesce(
            received_us >= index_us and received_us < index_us + post_us, false
        ) as is_received_after
    from timed
),

-- who was never active is in the last class of silence
measured as (
    select
        *,
        least(baseline_seconds, observed_seconds) - exposed_seconds
            as unexposed_seconds,
        least(whole_seconds, observed_seconds) - baseline_seconds
            as long_seconds,
        cast(
            floor(
                1000 * ln(
                    1 + coalesce(silent_hours, observed_seconds / 3600.0)
                ) + 0.5
            ) as bigint
        ) as recency,
        case
            when silent_hours < 6 then 0
            when silent_hours < 24 then 1
            when silent_hours < 7 * 24 then 2
            when silent_hours < 30 * 24 then 3
            else 4
        end + 5 * case
            when tenure_hours < 14 * 24 then 0
            when tenure_hours < 30 * 24 then 1
            else 2
        end as activity_class
    from observed
),

final as (
    select
        campaign_key,
        user_key,
        arm,

        weeks_before,
        case
            when unexposed_seconds < min_baseline_seconds then -1
            else cast(activity_class as bigint)
        end as activity_class,
        recency,
        day_count,
        week_count - day_count as six_day_count,
        cast(least(tenure_hours, whole_seconds / 3600) as bigint)
            as tenure_hours,
        cast(
            floor(
                1000 * ln(cast(1 + week_count as {{ type_double() }})) + 0.5
            ) as bigint
        ) as activity_week,
        cast(
            case
                when is_control and is_received_after
                    then floor(
                        cast(
                            index_us + post_us - received_us
                            as {{ type_double() }}
                        ) / 1000000
                    )
                else 0
            end as bigint
        ) as diluted_seconds,
        unexposed_seconds,
        case when long_seconds >= min_baseline_seconds then long_seconds end
            as long_seconds,

        push_count > case when is_received_after then 1 else 0 end
            as has_later_push,

        send_hour_at,
        index_at
    from measured
    where
        unexposed_seconds >= min_baseline_seconds
        or arm in ('recipient', 'overlapping')
)

select * from final
