with

coverage as (
    select * from {{ ref('int_data_coverage') }}
    where subject = 'assistant'
),

period_days as (
    select * from {{ ref('int_period_days') }}
    where period = 'week'
),

signals as (select * from {{ ref('product_market_fit_signals') }}),

credits as (
    select
        user_key,
        {{ reporting_date('signed_up_at') }} as signup_date,
        {{ reporting_date('exhausted_at') }} as exhausted_date
    from {{ ref('int_assistant_credits') }}
    where signed_up_at is not null
),

user_days as (select * from {{ ref('int_assistant_user_days') }}),

activity as (
    select * from {{ ref('int_eligible_activity') }}
    where
        activity_type in (
            'conversation_started',
            'result_made',
            'result_downloaded',
            'result_shared'
        )
),

conversations as (select * from {{ ref('fct_conversations') }}),

jobs as (select * from {{ ref('fct_service_jobs') }}),

weeks as (
    select
        period_days.period_start_date as week_start_date,
        period_days.next_period_start_date as next_week_start_date
    from period_days
    inner join coverage
        on period_days.next_period_start_date <= coverage.open_from_date
    inner join credits
        on period_days.next_period_start_date > credits.signup_date
    group by
        period_days.period_start_date,
        period_days.next_period_start_date
),

-- one row for each thing that counts in a week: 1 if it is as the signal asks
measured as (
    select
        'credits_exhausted' as signal_name,
        case
            when credits.exhausted_date < weeks.next_week_start_date then 1
            else 0
        end as measure,
        weeks.week_start_date as counted_on
    from weeks
    inner join credits
        on weeks.next_week_start_date > credits.signup_date

    union all

    select
        'one_session_only' as signal_name,
        case when count(*) = 1 then 1 else 0 end as measure,
        weeks.week_start_date as counted_on
    from weeks
    inner join user_days
        on
            weeks.next_week_start_date > user_days.date_day
            and weeks.next_week_start_date > user_days.signup_date + 7
    group by weeks.week_start_date, user_days.user_key

    union all

    select
        'day_7_retention' as signal_name,
        case when user_days.user_key is null then 0 else 1 end as measure,
        credits.signup_date + 7 as counted_on
    from credits
    left join user_days
        on
            credits.user_key = user_days.user_key
            and credits.signup_date + 7 = user_days.date_day

    union all

    select
        'sharing' as signal_name,
        max(case when activity_type = 'result_shared' then 1 else 0 end)
            as measure,
        cast(date_trunc('week', metric_date) as date) as counted_on
    from activity
    group by user_key, cast(date_trunc('week', metric_date) as date)

    union all

    select
        'short_conversations' as signal_name,
        conversations.user_turns + conversations.assistant_turns as measure,
        {{ reporting_date('conversations.started_at') }} as counted_on
    from conversations
    inner join credits
        on conversations.user_key = credits.user_key

    union all

    select
        'failed_jobs' as signal_name,
        case when jobs.status = 'failed' then 1 else 0 end as measure,
        {{ reporting_date('jobs.created_at') }} as counted_on
    from jobs
    inner join credits
        on jobs.user_key = credits.user_key
),

final as (
    select
        weeks.week_start_date,

        signals.signal_name,

        count(measured.measure) as sample_size,
        cast(sum(measured.measure) as {{ type_double() }}) as measure_sum,
        cast(
            sum(measured.measure * measured.measure) as {{ type_double() }}
        ) as square_sum
    from weeks
    cross join signals
    left join measured
        on
            signals.signal_name = measured.signal_name
            and weeks.week_start_date
            = cast(date_trunc('week', measured.counted_on) as date)
    group by weeks.week_start_date, signals.signal_name
)

select * from final
