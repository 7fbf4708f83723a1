with

as_of as (select * from {{ ref('int_as_of') }}),

table_rows as (
    {% for table in quality_tables() %}
        select
            '{{ table.subject }}' as subject,
            {{ table.created_at }} as created_at,
            {{ table.deleted_at }} as deleted_at,
            greatest(
                {{ table.created_at }},
                {{ table.updated_at }},
                {{ table.deleted_at }}
            ) as newest_at,
            has_implausible_time
        from {{ ref(table.model) }}
        {{ "union all" if not loop.last }}
    {% endfor %}
),

counted as (
    select
        table_rows.subject,

        count(*) filter (where table_rows.created_at <= as_of.as_of)
            as row_count,
        count(*) filter (
            where table_rows.created_at <= as_of.as_of
            and table_rows.deleted_at <= as_of.as_of
        ) as deleted_count,
        count(*) filter (
            where table_rows.created_at <= as_of.as_of
            or table_rows.newest_at > as_of.plausible_until_at
            or table_rows.has_implausible_time
        ) as dated_count,
        count(*) filter (
            where table_rows.newest_at > as_of.plausible_until_at
        ) as future_count,
        count(*) filter (where table_rows.has_implausible_time)
            as sentinel_count
    from table_rows
    cross join as_of
    group by table_rows.subject
),

checked as (
    select
        checks.check_name,
        counted.subject,
        case checks.check_name
            when 'soft_deletes' then counted.deleted_count
            when 'future_dates' then counted.future_count
            else counted.sentinel_count
        end as numerator,
        case checks.check_name
            when 'soft_deletes' then counted.row_count
            else counted.dated_count
        end as denominator
    from counted
    cross join (
        values ('soft_deletes'), ('future_dates'), ('sentinel_dates')
    ) as checks (check_name)
),

final as (
    select
        check_name,
        subject,

        numerator,
        denominator
    from checked
    where denominator > 0
)

select * from final
