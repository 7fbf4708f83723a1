-- the table is made of the columns that the .yml declares
select * from {{ source('lift', 'campaign_lift') }} -- noqa: AM04
