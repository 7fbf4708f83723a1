{% set hour = 3600 * 1000000 %}
{%- set around = 'partition by user_key order by happened_us' %}

with

subjects as (select * from {{ ref('int_push_subjects') }}),

exposures as (select * from {{ ref('int_push_exposures') }}),

activity as (select * from {{ ref('int_push_activity') }}),

parameters as (select * from {{ ref('push_parameters') }}),

stream as (
    select
        user_key,
        index_at,
        index_at as happened_at,
        cast(null as {{ type_instant() }}) as active_at,
        cast(null as {{ type_instant() }}) as exposed_until_at,
        0 as event_count,
        0 as push_count
    from (select distinct user_key, index_at from subjects) as index_times

    union all

    select
        activity.user_key,
        cast(null as {{ type_instant() }}) as index_at,
        activity.occurred_at as happened_at,
        activity.occurred_at as active_at,
        cast(null as {{ type_instant() }}) as exposed_until_at,
        1 as event_count,
        0 as push_count
    from activity
    inner join parameters
        on activity.metric = parameters.activity_metric

    union all

    select
        user_key,
        cast(null as {{ type_instant() }}) as index_at,
        sent_at as happened_at,
        cast(null as {{ type_instant() }}) as active_at,
        exposed_until_at,
        0 as event_count,
        push_count
    from exposures
),

-- in microseconds, because windows over integers are ten times faster
ordered as (
    select
        *,
        {{ epoch_us('happened_at') }} as happened_us,
        {{ epoch_us('exposed_until_at') }} as exposed_until_us
    from stream
),

summed as (
    select
        user_key,
        index_at,
        max(active_at) over (
            {{ around }} range between unbounded preceding and 1 preceding
        ) as last_active_at,
        sum(event_count) over (
            {{ around }} range between {{ 24 * hour }} preceding and 1 preceding
        ) as day_count,
        sum(event_count) over (
            {{ around }} range between {{ 168 * hour }} preceding
            and 1 preceding
        ) as week_count,
        sum(push_count) over (
            {{ around }} range between current row
            and {{ 48 * hour - 1 }} following
        ) as push_count,
        sum(exposed_until_us - happened_us) over (
            {{ around }} range between {{ 720 * hour }} preceding
            and 1 preceding
        ) as exposed_us,
        greatest(0, max(exposed_until_us) over (
            {{ around }} range between unbounded preceding
            and {{ 720 * hour + 1 }} preceding
        ) - (happened_us - {{ 720 * hour }})) as exposed_from_before_us,
        greatest(0, max(exposed_until_us) over (
            {{ around }} range between unbounded preceding and 1 preceding
        ) - happened_us) as exposed_beyond_us
    from ordered
),

-- an exposure may reach over either end of the baseline
final as (
    select
        user_key,

        cast(
            floor(
                (
                    coalesce(exposed_us, 0)
                    + exposed_from_before_us - exposed_beyond_us
                ) / 1000000
            ) as bigint
        ) as exposed_seconds,
        cast(coalesce(day_count, 0) as bigint) as day_count,
        cast(coalesce(week_count, 0) as bigint) as week_count,
        cast(push_count as bigint) as push_count,

        index_at,
        last_active_at
    from summed
    where index_at is not null
)

select * from final
