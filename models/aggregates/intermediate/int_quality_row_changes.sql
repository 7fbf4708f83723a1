with

neon as (select * from {{ ref('stg_neon__loads') }}),

posthog as (select * from {{ ref('stg_posthog__loads') }}),

chemlink as (select * from {{ ref('stg_chemlink__loads') }}),

engagement as (select * from {{ ref('stg_engagement__loads') }}),

loads as (
    select 'neon' as source_system, * from neon
    union all
    select 'posthog' as source_system, * from posthog
    union all
    select 'chemlink' as source_system, * from chemlink
    union all
    select 'engagement' as source_system, * from engagement
),

-- rows before each load, and a number that counts back from the latest
counted as (
    select
        source_system || '.' || table_name as subject,
        new_row_count - deleted_row_count as row_change,
        coalesce(
            sum(new_row_count - deleted_row_count) over (
                partition by source_system, table_name
                order by started_at
                rows between unbounded preceding and 1 preceding
            ), 0
        ) as rows_before,
        row_number() over (
            partition by source_system, table_name
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
