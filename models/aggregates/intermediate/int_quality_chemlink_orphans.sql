with

profile_orphans as (select * from {{ ref('int_quality_profile_orphans') }}),

collection_orphans as (
    select * from {{ ref('int_quality_collection_orphans') }}
),

collaborator_orphans as (
    select * from {{ ref('int_quality_collaborator_orphans') }}
),

finder_orphans as (select * from {{ ref('int_quality_finder_orphans') }}),

unioned as (
    select * from profile_orphans
    union all
    select * from collection_orphans
    union all
    select * from collaborator_orphans
    union all
    select * from finder_orphans
),

final as (
    select
        check_name,
        subject,

        numerator,
        denominator
    from unioned
)

select * from final
