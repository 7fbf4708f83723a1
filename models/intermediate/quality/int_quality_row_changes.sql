with

loads as (select * from {{ ref('int_loads') }}),

-- rows before each load, and a number that counts back from the latest
counted as (
    select
        source_name || '.' || table_name as subject,
        new_row_count - deleted_row_count as row_change,
        coalesce(
            sum(new_row_count - deleted_row_count) over (
                partition by source_name, table_name
                order by started_at
                rows between unbounded preceding and 1 preceding
            ), 0
        ) as rows_before,
        row_number() over (
            partition by source_name, table_name
            order by started_at desc
        ) as age
    from loads
    where finished_at is not null and new_row_count + deleted_row_count > 0
),

final as (
    select
        'row_change' as check_name,
        subject,

        row_change as numerator,
        cast(rows_before as bigint) as denominator
    from counted
    where age = 1 and rows_before > 0
)

select * from final
