with

source as (select * from {{ source('telemetry', 'samples') }}),

renamed as (
    select
        sample_id,
        series_id,

        metric,
        feed,
        tags,
        run_id,

        value,
        sample_count,
        quantile,

        observed_at
    from source
)

select * from renamed
