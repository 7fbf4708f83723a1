with

groups as (select * from {{ ref('stg_engagement__groups') }}),

group_members as (select * from {{ ref('stg_engagement__group_members') }}),

reports as (select * from {{ ref('stg_engagement__reports') }}),

memberships as (
    select
        *,
        min(confirmed_at) over () as first_confirmed_at
    from group_members
),

-- until its first confirmation, a source does not seem to record them
joins as (
    select
        group_member_id,
        group_id,
        person_id,
        confirmed_at as joined_at,
        cast(null as {{ type_instant() }}) as superseded_at
    from memberships
    where confirmed_at is not null

    union all

    select
        group_member_id,
        group_id,
        person_id,
        created_at as joined_at,
        first_confirmed_at as superseded_at
    from memberships
    where coalesce(created_at < first_confirmed_at, true)
),

unioned as (
    select
        creator_person_id as person_id,
        'group_created' as activity_type,
        'groups' as source_table,
        group_id as source_id,
        created_at as occurred_at,
        cast(null as {{ type_instant() }}) as voided_at
    from groups

    union all

    select
        joins.person_id,
        'group_joined' as activity_type,
        'group_members' as source_table,
        joins.group_member_id as source_id,
        joins.joined_at as occurred_at,
        least(groups.deleted_at, joins.superseded_at) as voided_at
    from joins
    left join groups
        on joins.group_id = groups.group_id

    union all

    select
        reporter_person_id as person_id,
        'report_filed' as activity_type,
        'reports' as source_table,
        report_id as source_id,
        created_at as occurred_at,
        cast(null as {{ type_instant() }}) as voided_at
    from reports

    union all

    -- the source does not name the moderator
    select
        reporter_person_id as person_id,
        'moderation_review' as activity_type,
        'reports' as source_table,
        report_id as source_id,
        reviewed_at as occurred_at,
        cast(null as {{ type_instant() }}) as voided_at
    from reports
    where reviewed_at is not null
),

final as (
    select
        cast(person_id as {{ type_text() }}) as account_id,
        activity_type,
        'engagement' as source_system,
        source_table,
        cast(source_id as {{ type_text() }}) as source_id,
        occurred_at,
        voided_at
    from unioned
)

select * from final
