with

history as (select * from {{ ref('reports_history') }}),

as_of as (select * from {{ ref('int_as_of') }}),

numbered as (
    select
        cast(report_id as text) as report_id,
        coalesce(report_reason, 'unknown') as report_reason,
        coalesce(status, 'unknown') as report_status,
        created_at,
        dbt_valid_from as valid_from_at,
        row_number() over (
            partition by report_id
            order by dbt_valid_from
        ) as version_number
    from history
),

-- before the history begins nothing is known but its first version
versions as (
    select
        numbered.report_id,
        numbered.report_reason,
        numbered.report_status,
        case
            when numbered.version_number = 1 then numbered.created_at
            else numbered.valid_from_at
        end as valid_from_at
    from numbered
    cross join as_of
    where
        numbered.created_at <= as_of.as_of
        and (
            numbered.version_number = 1
            or numbered.valid_from_at <= as_of.as_of
        )
),

final as (
    select
        report_id,

        report_reason,
        report_status,

        valid_from_at,
        lead(valid_from_at) over (
            partition by report_id
            order by valid_from_at
        ) as valid_until_at
    from versions
)

select * from final
