{% set hour = 3600 * 1000000 %}

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
        cast(null as timestamptz) as active_at,
        cast(null as timestamptz) as exposed_until_at
    from (select distinct user_key, index_at from subjects) as index_times

    union all

    select
        activity.user_key,
        cast(null as timestamptz) as index_at,
        activity.occurred_at as happened_at,
        activity.occurred_at as active_at,
        cast(null as timestamptz) as exposed_until_at
    from activity
    inner join parameters
        on activity.metric = parameters.activity_metric

    union all

    select
        user_key,
        cast(null as timestamptz) as index_at,
        sent_at as happened_at,
        cast(null as timestamptz) as active_at,
        exposed_until_at
    from exposures
),

-- in microseconds, because windows over integers are ten times faster
ordered as (
    select
        *,
        cast(extract(epoch from happened_at) * 1000000 as bigint)
            as happened_us,
        cast(extract(epoch from exposed_until_at) * 1000000 as bigint)
            as exposed_until_us
    from stream
),

summed as (
    select
        user_key,
        index_at,
        max(active_at) over (
            past range between unbounded preceding and 1 preceding
        ) as last_active_at,
        sum(exposed_until_us - happened_us) over (
            past range between {{ 720 * hour }} preceding and 1 preceding
        ) as exposed_us,
        greatest(0, max(exposed_until_us) over (
            past range between unbounded preceding
            and {{ 720 * hour + 1 }} preceding
        ) - (happened_us - {{ 720 * hour }})) as exposed_from_before_us,
        greatest(0, max(exposed_until_us) over (
            past range between unbounded preceding and 1 preceding
        ) - happened_us) as exposed_beyond_us
    from ordered
    window past as (partition by user_key order by happened_us)
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

        index_at,
        last_active_at
    from summed
    where index_at is not null
)

select * from final
