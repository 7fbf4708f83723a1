with

profile_counts as (
    select * from {{ ref('int_profile_counts') }}
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
            as double precision
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
