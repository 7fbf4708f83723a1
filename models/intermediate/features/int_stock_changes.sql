with

stretches as (select * from {{ ref('int_stock_stretches') }}),

steps as (
    select stock, segment, member, from_date as changed_date, 1 as step
    from stretches
    union all
    select stock, segment, member, until_date as changed_date, -1 as step
    from stretches
    where until_date is not null
),

holdings as (
    select
        stock,
        segment,
        member,
        changed_date,
        sum(sum(step)) over running as stretch_count
    from steps
    group by stock, segment, member, changed_date
    window running as (
        partition by stock, segment, member
        order by changed_date
    )
),

-- a member counts once, however many of its stretches overlap
changes as (
    select
        stock,
        segment,
        changed_date,
        least(stretch_count, 1)
        - coalesce(lag(least(stretch_count, 1)) over running, 0)
            as stock_change
    from holdings
    window running as (
        partition by stock, segment, member
        order by changed_date
    )
),

final as (
    select
        stock,
        segment,

        cast(sum(stock_change) as bigint) as stock_change,

        changed_date
    from changes
    group by stock, segment, changed_date
)

select * from final
