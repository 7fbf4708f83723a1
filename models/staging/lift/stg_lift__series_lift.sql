-- the table is made of the columns that the .yml declares
select * from {{ source('lift', 'series_lift') }} -- noqa: AM04
