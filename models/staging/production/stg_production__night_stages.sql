-- the table is made of the columns that the .yml declares
select * from {{ source('production', 'night_stages') }} -- noqa: AM04
