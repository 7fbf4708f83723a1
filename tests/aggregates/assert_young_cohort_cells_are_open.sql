with

cells as (select * from {{ ref('agg_cohort_retention') }}),

coverage as (
    select * from {{ ref('int_data_coverage') }}
    where subject = 'activity'
),

-- when the period of the cell is over, without what the mart says of it
expected as (
    select
        cells.*,
        case
            when cells.cohort_period = 'week'
                then
                    cells.cohort_start_date
                    + cast(7 * (cells.periods_since_signup + 1) as integer)
            else
                cast(
                    cells.cohort_start_date
                    + (cells.periods_since_signup + 1) * interval '1 month'
                    as date
                )
        end <= coverage.open_from_date as is_over
    from cells
    cross join coverage
)

select
    cohort_period,
    cohort_start_date,
    periods_since_signup,
    cohort_size,
    active_users,
    cohort_retention_share,
    is_mature,
    is_over
from expected
where
    is_mature <> is_over
    or (active_users is not null) <> is_over
    or (cohort_retention_share is not null) <> is_over
    or active_users not between 0 and cohort_size
