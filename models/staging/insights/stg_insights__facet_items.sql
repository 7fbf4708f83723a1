-- the table is made of the columns that the .yml declares
select * from {{ source('insights', 'facet_items') }} -- noqa: AM04
