with

persons as (select * from {{ ref('stg_engagement__persons') }}),

groups as (select * from {{ ref('stg_engagement__groups') }}),

group_members as (select * from {{ ref('stg_engagement__group_members') }}),

as_of as (select * from {{ ref('int_as_of') }}),

links as (
    select
        'engagement.groups.created_by' as subject,
        'person' as parent,
        creator_person_id as parent_id,
        created_at
    from groups

    union all

    select
        'engagement.group_members.group_id' as subject,
        'group' as parent,
        group_id as parent_id,
        created_at
    from group_members

    union all

    select
        'engagement.group_members.person_id' as subject,
        'person' as parent,
        person_id as parent_id,
        created_at
    from group_members
),

parents as (
    select 'person' as parent, person_id as parent_id from persons
    union all
    select 'group' as parent, group_id as parent_id from groups
),

final as (
    {{ quality_orphans('links', 'parents', 'as_of') }}
)

select * from final
