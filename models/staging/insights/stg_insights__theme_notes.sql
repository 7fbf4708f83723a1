-- the table is made of the columns that the .yml declares
select * from {{ source('insights', 'theme_notes') }} -- noqa: AM04
