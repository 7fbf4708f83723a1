with

source as (select * from {{ source('engagement', 'persons') }}),

renamed as (
    select
        id as person_id,
        id_hash as person_id_hash,
        external_id,
        external_id_hash,
        iam_id,
        email_hash,
        email_domain_hash,

        trim(both ' ' from company_name) as company_name,
        trim(both ' ' from role_title) as role_title,
        lower(employment_status) as employment_status,

        {{ deletion_time() }} is not null as is_deleted,
        {{ has_implausible_time(
            'created_at',
            'profile_pic_updated_at',
            'updated_at',
            'deleted_at'
        ) }} as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        {{ plausible_time('profile_pic_updated_at') }}
            as profile_picture_updated_at,
        {{ plausible_time('updated_at') }} as updated_at,
        {{ deletion_time() }} as deleted_at,
        {{ changed_time('updated_at', 'deleted_at') }} as changed_at
    from source
)

select * from renamed
