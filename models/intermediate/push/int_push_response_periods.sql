with

final as (
    select
        'day' as period,

        cast(24 as bigint) as period_hours,
        cast(numbers.days_after as bigint) as periods_after
    from generate_series(-86, 2) as numbers (days_after)

    union all

    select
        'hour' as period,

        cast(1 as bigint) as period_hours,
        cast(numbers.hours_after as bigint) as periods_after
    from generate_series(-48, 71) as numbers (hours_after)
)

select * from final
