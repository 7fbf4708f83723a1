with

groups as (
    select * from {{ ref('int_insight_groups') }}
    where facet = 'segment'
),

published_codes as (
    select * from {{ ref('int_insight_published_codes') }}
    where facet = 'segment' and is_countable
),

segments as (select * from {{ ref('int_insight_segments') }}),

credits as (select * from {{ ref('int_assistant_credits') }}),

user_days as (select * from {{ ref('int_assistant_user_days') }}),

dates as (select * from {{ ref('dim_date') }}),

user_months as (
    select
        user_days.user_key,
        dates.month_start_date,
        count(distinct dates.week_start_date) > 1 as is_returning
    from user_days
    inner join dates
        on user_days.date_day = dates.date_day
    group by user_days.user_key, dates.month_start_date
),

members as (
    select
        published_codes.published_code,
        segments.month_start_date,
        coalesce(user_months.is_returning, false) as is_returning,
        coalesce(
            {{ reporting_date('credits.exhausted_at') }}
            < cast(segments.month_start_date + interval '1 month' as date),
            false
        ) as is_exhausted
    from segments
    inner join published_codes
        on
            segments.segment = published_codes.code
            and segments.month_start_date = published_codes.period_start_date
    left join user_months
        on
            segments.user_key = user_months.user_key
            and segments.month_start_date = user_months.month_start_date
    left join credits
        on segments.user_key = credits.user_key
),

shares as (
    select
        published_code,
        month_start_date,
        avg(case when is_returning then 1.0 else 0.0 end) as returning_share,
        avg(case when is_exhausted then 1.0 else 0.0 end)
            as exhausted_member_share
    from members
    group by published_code, month_start_date
),

final as (
    select
        groups.period_start_date as month_start_date,

        groups.code as segment,

        groups.people,
        groups.answers,
        groups.answered_conversations,
        cast(shares.returning_share as {{ type_double() }}) as returning_share,
        cast(shares.exhausted_member_share as {{ type_double() }})
            as exhausted_member_share
    from groups
    left join shares
        on
            groups.code = shares.published_code
            and groups.period_start_date = shares.month_start_date
)

select * from final
