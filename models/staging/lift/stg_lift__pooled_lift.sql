with

source as (select * from {{ source('lift', 'pooled_lift') }}),

renamed as (
    select
        scope,
        layer_id,
        metric,
        estimate,

        campaigns,
        recipients,
        pooled_lift,
        pooled_se,
        pooled_df,
        pooled_lo,
        pooled_hi,
        pooled_p,
        between_sd,
        i_squared
    from source
)

select * from renamed
