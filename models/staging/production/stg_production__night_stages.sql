with night_stages as (
    select * from {{ source('production', 'night_stages') }}
),

-- on Spark a stage has a row for each state that it had
ranked as (
    select
        *,
        row_number() over (
            partition by night, stage
            order by started_at desc, ended_at desc nulls last
        ) as state_rank
    from night_stages
),

final as (
    select
        night,
        stage,
        status,
        started_at,
        ended_at,
        row_count,
        told,
        code,
        load_run
    from ranked
    where state_rank = 1
)

select * from final
