-- the table is made of the columns that the .yml declares
select * from {{ source('lift', 'covariate_balance') }} -- noqa: AM04
