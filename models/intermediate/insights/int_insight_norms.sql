with

days as (select * from {{ ref('int_insight_days') }}),

thresholds as (select * from {{ ref('insight_thresholds') }}),

-- a person and a segment are groups alike
members as (
    select
        user_key as group_key,
        day,
        sample_size is not null as is_sampled,
        turn_count,
        failed_job_count,
        credits_used
    from days

    union all

    select
        segment as group_key,
        day,
        sample_size is not null as is_sampled,
        turn_count,
        failed_job_count,
        credits_used
    from days
),

-- where everybody is asked about, nobody has to stand out
wanted as (
    select distinct
        group_key,
        day
    from members
    where is_sampled
),

history as (
    select
        wanted.group_key,
        wanted.day,
        members.turn_count,
        members.failed_job_count,
        members.credits_used
    from wanted
    cross join thresholds
    inner join members
        on
            wanted.group_key = members.group_key
            and wanted.day > members.day
            and wanted.day
            <= members.day + cast(thresholds.history_days as integer)
),

medians as (
    select
        group_key,
        day,
        count(*) as member_days,
        percentile_cont(0.5) within group (order by turn_count)
            as turns_median,
        percentile_cont(0.5) within group (order by failed_job_count)
            as failures_median,
        percentile_cont(0.5) within group (order by credits_used)
            as credits_median
    from history
    group by group_key, day
),

deviations as (
    select
        medians.group_key,
        medians.day,
        medians.member_days,
        medians.turns_median,
        medians.failures_median,
        medians.credits_median,
        abs(history.turn_count - medians.turns_median) as from_turns,
        abs(history.failed_job_count - medians.failures_median)
            as from_failures,
        abs(history.credits_used - medians.credits_median) as from_credits
    from medians
    inner join history
        on
            medians.group_key = history.group_key
            and medians.day = history.day
),

-- 1.4826 makes it the standard deviation where values are normal; a spread
-- below one turn, failure or credit is no measure of anything
final as (
    select
        group_key,

        member_days,
        turns_median,
        failures_median,
        credits_median,
        greatest(1, 1.4826 * cast(
            percentile_cont(0.5) within group (order by from_turns)
            as {{ type_double() }}
        )) as turns_spread,
        greatest(1, 1.4826 * cast(
            percentile_cont(0.5) within group (order by from_failures)
            as {{ type_double() }}
        )) as failures_spread,
        greatest(1, 1.4826 * cast(
            percentile_cont(0.5) within group (order by from_credits)
            as {{ type_double() }}
        )) as credits_spread,

        day
    from deviations
    group by
        group_key,
        day,
        member_days,
        turns_median,
        failures_median,
        credits_median
)

select * from final
