with

credits as (
    select * from {{ ref('int_assistant_credits') }}
    where signed_up_at is not null
),

final as (
    select
        cast(
            date_trunc('month', {{ reporting_date('signed_up_at') }}) as date
        ) as signup_month_start_date,

        plan,

        count(*) as assistant_signups,
        count(exhausted_at) as exhausted_users,
        cast(count(exhausted_at) as {{ type_double() }}) / count(*)
            as exhausted_share,
        percentile_cont(0.5) within group (
            order by
                {{ seconds_between('signed_up_at', 'exhausted_at') }} / 86400
        ) as median_days_to_exhaustion,
        count(returned_at) as users_back_without_credits,
        cast(count(returned_at) as {{ type_double() }})
        / nullif(count(exhausted_at), 0) as share_back_without_credits
    from credits
    group by 1, 2
)

select * from final
