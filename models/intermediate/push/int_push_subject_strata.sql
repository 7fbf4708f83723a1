with

subjects as (select * from {{ ref('int_push_subjects') }}),

users as (select * from {{ ref('int_push_users') }}),

histories as (select * from {{ ref('int_push_subject_histories') }}),

counts as (select * from {{ ref('int_push_subject_counts') }}),

parameters as (select * from {{ ref('push_parameters') }}),

-- in microseconds, which are whole numbers on both engines
timed as (
    select
        subjects.*,
        coalesce(counts.day_count, 0) as day_count,
        coalesce(counts.week_count - counts.day_count, 0) as six_day_count,
        histories.exposed_seconds,
        cast(extract(epoch from subjects.index_at) * 1000000 as bigint)
            as index_us,
        cast(extract(epoch from histories.last_active_at) * 1000000 as bigint)
            as last_active_us,
        cast(extract(epoch from users.first_seen_at) * 1000000 as bigint)
            as first_seen_us,
        cast(extract(epoch from users.observed_from_at) * 1000000 as bigint)
            as observed_from_us,
        parameters.baseline_hours * 3600 as baseline_seconds,
        parameters.min_baseline_hours * 3600 as min_baseline_seconds,
        parameters.long_hours * 3600 as whole_seconds
    from subjects
    cross join parameters
    inner join users
        on subjects.user_key = users.user_key
    inner join histories
        on
            subjects.user_key = histories.user_key
            and subjects.index_at = histories.index_at
    left join counts
        on
            subjects.user_key = counts.user_key
            and subjects.index_at = counts.index_at
            and parameters.activity_metric = counts.metric
),

observed as (
    select
        *,
        cast(
            floor(
                cast(index_us - observed_from_us as double precision) / 1000000
            ) as bigint
        ) as observed_seconds,
        cast(index_us - last_active_us as double precision)
        / {{ 3600 * 1000000 }} as recency_hours,
        cast(index_us - first_seen_us as double precision)
        / {{ 24 * 3600 * 1000000 }} as tenure_days
    from timed
),

-- who was never active is in the last class of recency
classified as (
    select
        *,
        least(baseline_seconds, observed_seconds) - exposed_seconds
            as unexposed_seconds,
        least(whole_seconds, observed_seconds) - baseline_seconds
            as long_seconds,
        case
            when recency_hours < 0.5 then 0
            when recency_hours < 2 then 1
            when recency_hours < 6 then 2
            when recency_hours < 24 then 3
            when recency_hours < 3 * 24 then 4
            when recency_hours < 7 * 24 then 5
            when recency_hours < 14 * 24 then 6
            when recency_hours < 30 * 24 then 7
            else 8
        end as recency_class,
        case
            when day_count < 3 then day_count
            when day_count < 5 then 3
            else 4
        end as day_class,
        case
            when six_day_count = 0 then 0
            when six_day_count < 3 then 1
            when six_day_count < 6 then 2
            when six_day_count < 11 then 3
            else 4
        end as six_day_class,
        case
            when tenure_days < 14 then 0
            when tenure_days < 30 then 1
            else 2
        end as tenure_class
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
            else cast(
                recency_class
                + 9 * (day_class + 5 * (six_day_class + 5 * tenure_class))
                as bigint
            )
        end as activity_stratum,
        cast(
            floor(
                1000 * ln(
                    1 + coalesce(recency_hours, observed_seconds / 3600.0)
                ) + 0.5
            ) as bigint
        ) as recency,
        unexposed_seconds,
        case when long_seconds >= min_baseline_seconds then long_seconds end
            as long_seconds,
        cast(
            least(4, floor(observed_seconds / (7.0 * 86400))) as bigint
        ) as matched_weeks,

        send_hour_at,
        index_at
    from classified
    where
        unexposed_seconds >= min_baseline_seconds
        or arm in ('recipient', 'overlapping')
)

select * from final
