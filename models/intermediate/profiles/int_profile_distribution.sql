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

daily_changes as (
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
    from daily_changes
),

daily_counts as (
    select
        kinds.profile_completion_score,
        cast(
            sum(coalesce(daily_changes.user_change, 0)) over (
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
    left join daily_changes
        on
            dates.date_day = daily_changes.date_day
            and kinds.profile_completion_score
            = daily_changes.profile_completion_score
            and kinds.is_complete = daily_changes.is_complete
            and kinds.is_known = daily_changes.is_known
),

profile_counts as (
    select * from daily_counts
    where users > 0
),

ranked as (
    select
        *,
        sum(users) over (partition by date_day) as all_users,
        sum(users) over (
            partition by date_day
            order by profile_completion_score
        ) as users_up_to_score
    from profile_counts
),

final as (
    select
        cast(sum(users) as bigint) as users,
        cast(sum(users * profile_completion_score) as bigint) as score_sum,
        -- the mean of the two in the middle, who are the same if users are odd
        cast(
            min(profile_completion_score)
            filter (where 2 * users_up_to_score >= all_users)
            + min(profile_completion_score)
            filter (where 2 * users_up_to_score > all_users)
            as {{ type_double() }}
        ) / 2 as median_score,
        cast(sum(case when is_complete then users else 0 end) as bigint)
            as complete_users,
        cast(sum(case when is_known then users else 0 end) as bigint)
            as known_users,
        cast(
            sum(case when profile_completion_score < 25 then users else 0 end)
            as bigint
        ) as score_0_to_24_users,
        cast(
            sum(
                case
                    when profile_completion_score between 25 and 49 then users
                    else 0
                end
            ) as bigint
        ) as score_25_to_49_users,
        cast(
            sum(
                case
                    when profile_completion_score between 50 and 69 then users
                    else 0
                end
            ) as bigint
        ) as score_50_to_69_users,
        cast(
            sum(case when profile_completion_score >= 70 then users else 0 end)
            as bigint
        ) as score_70_to_100_users,

        date_day
    from ranked
    group by date_day
)

select * from final
