with

completion as (select * from {{ ref('agg_profile_completion') }}),

parameters as (select * from {{ ref('activity_parameters') }})

select
    completion.metric_date,
    completion.users,
    completion.complete_users,
    completion.average_score,
    completion.median_score
from completion
cross join parameters
where
    completion.users <> completion.score_0_to_24_users
    + completion.score_25_to_49_users
    + completion.score_50_to_69_users
    + completion.score_70_to_100_users
    or (
        parameters.complete_profile_score = 70
        and completion.complete_users <> completion.score_70_to_100_users
    )
    or (completion.users = 0) <> (completion.average_score is null)
    or completion.average_score not between 0 and 100
    or completion.median_score not between 0 and 100
    or abs(completion.correlation_with_activity) > 1.000001
