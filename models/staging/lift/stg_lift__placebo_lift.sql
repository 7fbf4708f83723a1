-- the table is made of the columns that the .yml declares
select * from {{ source('lift', 'placebo_lift') }} -- noqa: AM04
