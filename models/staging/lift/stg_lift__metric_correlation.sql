-- the table is made of the columns that the .yml declares
select * from {{ source('lift', 'metric_correlation') }} -- noqa: AM04
