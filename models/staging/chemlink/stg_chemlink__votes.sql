with

source as (select * from {{ source('chemlink', 'query_votes') }}),

renamed as (
    select
        id as vote_id,
        voter_id as voter_person_id,
        profile_id as rated_person_id,

        -- environments differ in how they write this column
        case
            when lower(type) in ('up', '1') then 'upvote'
            when lower(type) in ('down', '-1') then 'downvote'
            else lower(type)
        end as vote_type,

        score,

        {{ deletion_time() }} is not null as is_deleted,
        {{ has_implausible_time('created_at', 'updated_at', 'deleted_at') }}
            as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        {{ plausible_time('updated_at') }} as updated_at,
        {{ deletion_time() }} as deleted_at
    from source
)

select * from renamed
