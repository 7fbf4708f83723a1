-- profiles and later activity on each first of a month, counted once more user
-- by user
with

scores as (select * from {{ ref('int_profile_scores') }}),

users as (select * from {{ ref('dim_users') }}),

active_days as (select * from {{ ref('int_user_active_days') }}),

completion as (
    select * from {{ ref('agg_profile_completion') }}
    where extract(day from metric_date) = 1
),

profiles as (
    select
        completion.metric_date,
        scores.user_key,
        scores.profile_completion_score
    from completion
    inner join scores
        on
            completion.metric_date
            >= {{ reporting_date('scores.valid_from_at') }}
            and (
                scores.valid_until_at is null
                or completion.metric_date
                < {{ reporting_date('scores.valid_until_at') }}
            )
    inner join users
        on scores.user_key = users.user_key
    where {{ is_eligible_user('users') }}
),

followed as (
    select
        profiles.metric_date,
        profiles.user_key,
        profiles.profile_completion_score,
        case when count(active_days.active_date) > 0 then 1 else 0 end
            as is_active_later
    from profiles
    left join active_days
        on
            profiles.user_key = active_days.user_key
            and profiles.metric_date < active_days.active_date
            and profiles.metric_date + 30 >= active_days.active_date
    group by
        profiles.metric_date,
        profiles.user_key,
        profiles.profile_completion_score
),

recount as (
    select
        metric_date,
        count(*) as users,
        avg(profile_completion_score) as average_score,
        percentile_cont(0.5) within group (order by profile_completion_score)
            as median_score,
        cast(
            count(*) * sum(profile_completion_score * is_active_later)
            - sum(profile_completion_score) * sum(is_active_later)
            as {{ type_double() }}
        ) as covariance,
        cast(
            count(*) * sum(profile_completion_score * profile_completion_score)
            - sum(profile_completion_score) * sum(profile_completion_score)
            as {{ type_double() }}
        ) as score_variance,
        cast(
            count(*) * sum(is_active_later * is_active_later)
            - sum(is_active_later) * sum(is_active_later)
            as {{ type_double() }}
        ) as activity_variance
    from followed
    group by metric_date
),

correlated as (
    select
        *,
        covariance / nullif(sqrt(score_variance * activity_variance), 0)
            as recounted_correlation
    from recount
)

select
    completion.metric_date,
    completion.users,
    correlated.users as recounted_users,
    completion.correlation_with_activity,
    correlated.recounted_correlation
from completion
left join correlated
    on completion.metric_date = correlated.metric_date
where
    completion.users <> coalesce(correlated.users, 0)
    or abs(completion.average_score - correlated.average_score) > 0.000001
    or abs(completion.median_score - correlated.median_score) > 0.000001
    or abs(
        completion.correlation_with_activity - correlated.recounted_correlation
    ) > 0.000001
