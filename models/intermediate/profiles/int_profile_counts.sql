with

dates as (select * from {{ ref('dim_date') }}),

profile_days as (select * from {{ ref('int_profile_days') }}),

edges as (
    select
        first_date as date_day,
        profile_completion_score,
        is_complete,
        is_known,
        1 as user_change
    from profile_days

    union all

    select
        changed_date as date_day,
        profile_completion_score,
        is_complete,
        is_known,
        -1 as user_change
    from profile_days
    where changed_date is not null
),

changes as (
    select
        date_day,
        profile_completion_score,
        is_complete,
        is_known,
        sum(user_change) as user_change
    from edges
    group by date_day, profile_completion_score, is_complete, is_known
),

kinds as (
    select distinct profile_completion_score, is_complete, is_known
    from changes
),

final as (
    select
        kinds.profile_completion_score,
        cast(
            sum(coalesce(changes.user_change, 0)) over (
                partition by
                    kinds.profile_completion_score,
                    kinds.is_complete,
                    kinds.is_known
                order by dates.date_day
            ) as bigint
        ) as users,

        kinds.is_complete,
        kinds.is_known,

        dates.date_day
    from dates
    cross join kinds
    left join changes
        on
            dates.date_day = changes.date_day
            and kinds.profile_completion_score
            = changes.profile_completion_score
            and kinds.is_complete = changes.is_complete
            and kinds.is_known = changes.is_known
)

select * from final
