with

facets as (select * from {{ ref('stg_insights__facets') }}),

candidates as (
    select * from {{ ref('int_insight_candidates') }}
    where is_chosen
),

users as (select * from {{ ref('int_assistant_users') }}),

dates as (select * from {{ ref('dim_date') }}),

coverage as (
    select * from {{ ref('int_data_coverage') }}
    where subject = 'assistant'
),

thresholds as (select * from {{ ref('insight_thresholds') }}),

-- an answer to another prompt, or of another model, stands beside it
newest as (
    select
        *,
        row_number() over (
            partition by user_key, day
            order by answered_at desc, cache_key asc
        ) as answer_number
    from facets
),

-- who is not to be asked about any more counts no more
chosen as (
    select
        newest.*,
        1 / candidates.inclusion_probability as weight,
        dates.week_start_date,
        dates.month_start_date,
        coalesce(
            dates.week_start_date + 7 <= coverage.open_from_date, false
        ) as is_week_over,
        coalesce(
            cast(dates.month_start_date + interval '1 month' as date)
            <= coverage.open_from_date,
            false
        ) as is_month_over,
        coalesce(
            {{ reporting_date(
                "(users.signed_up_at + thresholds.min_account_age_hours"
                ~ " * interval '1 hour')"
            ) }} < dates.week_start_date + 7,
            false
        ) as is_old_enough
    from newest
    inner join candidates
        on
            newest.user_key = candidates.user_key
            and newest.day = candidates.day
    inner join users
        on newest.user_key = users.user_key
    inner join dates
        on newest.day = dates.date_day
    cross join coverage
    cross join thresholds
    where newest.answer_number = 1
),

final as (
    select
        cache_key,
        user_key,

        primary_intent,
        use_case,
        value_seen,
        willingness_to_pay,

        satisfaction,
        conversation_count,
        weight,

        is_old_enough,
        is_week_over,
        is_month_over,

        day,
        week_start_date,
        month_start_date
    from chosen
)

select * from final
