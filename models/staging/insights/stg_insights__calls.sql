-- the table is made of the columns that the .yml declares
select * from {{ source('insights', 'calls') }} -- noqa: AM04
