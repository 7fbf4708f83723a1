-- the table is made of the columns that the .yml declares
select * from {{ source('production', 'node_runs') }} -- noqa: AM04
