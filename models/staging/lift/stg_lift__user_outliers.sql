with

source as (select * from {{ source('lift', 'user_outliers') }}),

renamed as (
    select
        campaign_key,
        user_key,
        metric,

        lift,

        is_iqr_outlier,
        is_z_outlier,
        is_modified_z_outlier
    from source
)

select * from renamed
