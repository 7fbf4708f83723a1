with

units as (select * from {{ ref('int_push_units') }}),

activity as (select * from {{ ref('int_push_activity') }}),

-- one count serves all campaigns that ask for the same person and instant
anchors as (select distinct user_key, anchored_at from units),

doers as (select distinct user_key, metric from activity),

-- windows over integers are ten times faster than over times
stream as (
    select
        anchors.user_key, doers.metric, anchors.anchored_at,
        cast(extract(epoch from anchors.anchored_at) * 1000000 as bigint)
            as happened_us,
        0 as event_count, 0 as clean_event_count
    from anchors
    inner join doers
        on anchors.user_key = doers.user_key

    union all

    select
        user_key, metric, null as anchored_at,
        cast(extract(epoch from occurred_at) * 1000000 as bigint)
            as happened_us,
        1 as event_count,
        case when is_clean then 1 else 0 end as clean_event_count
    from activity
),

-- in microseconds: 48 hours after; 720, 168, 24 and 2064 to 720 hours before;
-- 48 hours one to four weeks before. No window holds its last instant
counted as (
    select
        user_key, metric, anchored_at,
        sum(event_count) over (
            around range between current row and 172799999999 following
        ) as post_count,
        sum(clean_event_count) over (
            around range between 2592000000000 preceding and 1 preceding
        ) as clean_count,
        sum(event_count) over (
            around range between 604800000000 preceding and 1 preceding
        ) as week_count,
        sum(event_count) over (
            around range between 86400000000 preceding and 1 preceding
        ) as day_count,
        sum(event_count) over (
            around range between 7430400000000 preceding
            and 2592000000001 preceding
        ) as long_count,
        sum(event_count) over (
            around range between 604800000000 preceding
            and 432000000001 preceding
        ) as matched_1,
        sum(event_count) over (
            around range between 1209600000000 preceding
            and 1036800000001 preceding
        ) as matched_2,
        sum(event_count) over (
            around range between 1814400000000 preceding
            and 1641600000001 preceding
        ) as matched_3,
        sum(event_count) over (
            around range between 2419200000000 preceding
            and 2246400000001 preceding
        ) as matched_4
    from stream
    window around as (partition by user_key, metric order by happened_us)
),

final as (
    select
        user_key,
        metric,

        cast(coalesce(post_count, 0) as bigint) as post_count,
        cast(coalesce(clean_count, 0) as bigint) as clean_count,
        cast(coalesce(week_count, 0) as bigint) as week_count,
        cast(coalesce(day_count, 0) as bigint) as day_count,
        cast(coalesce(long_count, 0) as bigint) as long_count,
        cast(coalesce(matched_1, 0) as bigint) as first_matched_count,
        cast(coalesce(matched_2, 0) as bigint) as second_matched_count,
        cast(coalesce(matched_3, 0) as bigint) as third_matched_count,
        cast(coalesce(matched_4, 0) as bigint) as fourth_matched_count,

        anchored_at
    from counted
    where
        anchored_at is not null
        and greatest(
            post_count, clean_count, week_count, long_count,
            matched_2, matched_3, matched_4
        ) > 0
)

select * from final
