with

pushes as (select * from {{ ref('int_quality_pushes') }}),

jobs as (select * from {{ ref('int_quality_jobs') }}),

recipients as (select * from {{ ref('int_quality_recipients') }}),

unioned as (
    select * from pushes
    union all
    select * from jobs
    union all
    select * from recipients
),

final as (
    select
        check_name,
        subject,

        numerator,
        denominator
    from unioned
)

select * from final
