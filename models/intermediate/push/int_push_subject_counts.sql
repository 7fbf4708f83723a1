{% set hour = 3600 * 1000000 %}
{%- set around = 'partition by user_key, metric order by happened_us' %}

with

subjects as (select * from {{ ref('int_push_compared_subjects') }}),

activity as (select * from {{ ref('int_push_activity') }}),

-- one count serves all campaigns that ask for the same person and instant
index_times as (select distinct user_key, index_at from subjects),

active_users as (select distinct user_key, metric from activity),

-- windows over integers are ten times faster than over times
stream as (
    select
        index_times.user_key, active_users.metric, index_times.index_at,
        {{ epoch_us('index_times.index_at') }} as happened_us,
        0 as event_count, 0 as unexposed_event_count
    from index_times
    inner join active_users
        on index_times.user_key = active_users.user_key

    union all

    select
        user_key, metric, null as index_at,
        {{ epoch_us('occurred_at') }} as happened_us,
        1 as event_count,
        case when is_unexposed then 1 else 0 end as unexposed_event_count
    from activity
),

-- no window holds its last instant
counted as (
    select
        user_key, metric, index_at,
        sum(event_count) over (
            {{ around }} range between current row
            and {{ 48 * hour - 1 }} following
        ) as post_count,
        sum(event_count) over (
            {{ around }} range between current row
            and {{ 24 * hour - 1 }} following
        ) as first_day_count,
        sum(unexposed_event_count) over (
            {{ around }} range between {{ 720 * hour }} preceding
            and 1 preceding
        ) as unexposed_count,
        sum(event_count) over (
            {{ around }} range between {{ 168 * hour }} preceding
            and 1 preceding
        ) as week_count,
        sum(event_count) over (
            {{ around }} range between {{ 24 * hour }} preceding and 1 preceding
        ) as day_count,
        sum(event_count) over (
            {{ around }} range between {{ 2064 * hour }} preceding
            and {{ 720 * hour + 1 }} preceding
        ) as long_count
    from stream
),

final as (
    select
        user_key,
        metric,

        cast(coalesce(post_count, 0) as bigint) as post_count,
        cast(coalesce(first_day_count, 0) as bigint) as first_day_count,
        cast(coalesce(unexposed_count, 0) as bigint) as unexposed_count,
        cast(coalesce(week_count, 0) as bigint) as week_count,
        cast(coalesce(day_count, 0) as bigint) as day_count,
        cast(coalesce(long_count, 0) as bigint) as long_count,

        index_at
    from counted
    where
        index_at is not null
        and greatest(post_count, unexposed_count, week_count, long_count) > 0
)

select * from final
