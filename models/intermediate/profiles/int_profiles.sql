with

scores as (
    select * from {{ ref('int_profile_scores') }}
    where valid_until_at is null
),

versions as (select * from {{ ref('int_profile_versions') }}),

ranked as (
    select
        *,
        row_number() over (
            partition by user_key
            order by version_number desc
        ) as recency
    from versions
),

final as (
    select
        ranked.user_key,
        ranked.location_id,
        ranked.company_id,
        ranked.role_id,

        scores.profile_completion_score,

        scores.is_complete
    from ranked
    inner join scores
        on ranked.user_key = scores.user_key
    where ranked.recency = 1
)

select * from final
