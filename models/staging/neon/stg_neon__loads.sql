with

source as (select * from {{ source('neon', '_loads') }}),

renamed as (
    select
        table_name,

        origin,

        rows_new as new_row_count,
        rows_changed as changed_row_count,
        rows_deleted as deleted_row_count,
        rows_rejected as rejected_row_count,

        is_reconciled,

        started_at,
        finished_at,
        known_until_at
    from source
)

select * from renamed
