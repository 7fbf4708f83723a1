with

profile_tables as (select * from {{ ref('int_quality_profile_tables') }}),

finder_tables as (select * from {{ ref('int_quality_finder_tables') }}),

account_tables as (select * from {{ ref('int_quality_account_tables') }}),

community_tables as (select * from {{ ref('int_quality_community_tables') }}),

exchange_tables as (select * from {{ ref('int_quality_exchange_tables') }}),

app_tables as (select * from {{ ref('int_quality_app_tables') }}),

counted as (
    select * from profile_tables
    union all
    select * from finder_tables
    union all
    select * from account_tables
    union all
    select * from community_tables
    union all
    select * from exchange_tables
    union all
    select * from app_tables
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
