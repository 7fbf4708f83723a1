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

        trim(both ' ' from company_name) as company_name,
        trim(both ' ' from role_title) as role_title,
        lower(employment_status) as employment_status,

        coalesce(deleted_at, _deleted_in_source_at) is not null as is_deleted,

        created_at,
        profile_pic_updated_at as profile_picture_updated_at,
        updated_at,
        coalesce(deleted_at, _deleted_in_source_at) as deleted_at,
        greatest(
            created_at,
            updated_at,
            coalesce(deleted_at, _deleted_in_source_at)
        ) as changed_at
    from source
)

select * from renamed
