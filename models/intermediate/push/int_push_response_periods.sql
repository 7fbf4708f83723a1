with

final as (
    select
        'day' as period,

        cast(24 as bigint) as period_hours,
        cast(numbers.days_after as bigint) as periods_after
    from {{ integers(-86, 2, 'days_after') }} as numbers

    union all

    select
        'hour' as period,

        cast(1 as bigint) as period_hours,
        cast(numbers.hours_after as bigint) as periods_after
    from {{ integers(-48, 71, 'hours_after') }} as numbers
)

select * from final
