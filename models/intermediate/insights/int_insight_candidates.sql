with

days as (select * from {{ ref('int_insight_days') }}),

norms as (select * from {{ ref('int_insight_norms') }}),

users as (select * from {{ ref('int_assistant_users') }}),

thresholds as (select * from {{ ref('insight_thresholds') }}),

-- a day is compared with those of the person, and those of the segment
compared_with as (
    select
        user_key,
        day,
        user_key as group_key,
        turn_count,
        failed_job_count,
        credits_used
    from days

    union all

    select
        user_key,
        day,
        segment as group_key,
        turn_count,
        failed_job_count,
        credits_used
    from days
),

compared as (
    select
        compared_with.user_key,
        compared_with.day,
        max(
            greatest(
                abs(compared_with.turn_count - norms.turns_median)
                / norms.turns_spread,
                abs(compared_with.failed_job_count - norms.failures_median)
                / norms.failures_spread,
                abs(compared_with.credits_used - norms.credits_median)
                / norms.credits_spread
            )
        ) as largest_z
    from compared_with
    inner join norms
        on
            compared_with.group_key = norms.group_key
            and compared_with.day = norms.day
    inner join thresholds
        on norms.member_days >= thresholds.min_history_days
    group by compared_with.user_key, compared_with.day
),

judged as (
    select
        days.user_key,
        days.day,
        days.tier,
        days.sample_size,
        case
            when days.sample_size is null or days.is_stratified
                then days.segment
            else 'all'
        end as stratum,
        case
            when users.is_test then 'test_account'
            when users.deleted_at is not null or not users.is_eligible
                then 'deleted'
            when not coalesce(users.has_consent, false) then 'no_consent'
            when days.sample_size is null then 'everyone'
            when compared.largest_z > thresholds.max_outlier_z then 'outlier'
            else 'sample'
        end as reason,
        compared.largest_z,
        md5(
            days.user_key || '/' || cast(days.day as {{ type_text() }})
            || '/' || thresholds.sample_salt
        ) as draw
    from days
    cross join thresholds
    left join users
        on days.user_key = users.user_key
    left join compared
        on days.user_key = compared.user_key and days.day = compared.day
),

-- those of the smallest draws are the sample, on every engine and every run
drawn as (
    select
        judged.*,
        row_number() over (
            partition by judged.day, judged.stratum, judged.reason
            order by judged.draw
        ) as draw_rank,
        count(*) over (
            partition by judged.day, judged.stratum, judged.reason
        ) as drawn_from
    from judged
),

final as (
    select
        user_key,

        coalesce(tier, 'nobody') as tier,
        stratum,
        case
            when reason = 'sample' and draw_rank > sample_size
                then 'not_sampled'
            else reason
        end as reason,

        largest_z,
        case
            when reason in ('everyone', 'outlier') then 1
            when reason = 'sample'
                then
                    least(
                        1, cast(sample_size as {{ type_double() }}) / drawn_from
                    )
            else 0
        end as inclusion_probability,

        reason in ('everyone', 'outlier')
        or (reason = 'sample' and draw_rank <= sample_size) as is_chosen,

        day,

        {{ day_start('day') }} as day_starts_at,
        {{ day_start('day + 1') }} as day_ends_at
    from drawn
)

select * from final
