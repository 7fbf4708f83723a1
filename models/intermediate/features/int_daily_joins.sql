with

activity as (select * from {{ ref('int_counted_activity') }}),

group_members as (select * from {{ ref('stg_engagement__group_members') }}),

groups as (select * from {{ ref('stg_engagement__groups') }}),

accounts as (select * from {{ ref('int_counted_accounts') }}),

as_of as (select * from {{ ref('int_as_of') }}),

memberships as (
    select
        {{ reporting_date('group_members.created_at') }} as metric_date,
        1 as joins,
        0 as confirmed_joins
    from group_members
    inner join accounts
        on
            accounts.source_system = 'engagement'
            and cast(group_members.person_id as text) = accounts.account_id
    inner join as_of
        on group_members.created_at <= as_of.as_of
    left join groups
        on group_members.group_id = groups.group_id
    where groups.deleted_at is null or groups.deleted_at > as_of.as_of

    union all

    -- where nothing is ever confirmed, a join is no confirmation
    select
        activity.metric_date,
        0 as joins,
        1 as confirmed_joins
    from activity
    inner join group_members
        on activity.source_id = cast(group_members.group_member_id as text)
    inner join as_of
        on group_members.confirmed_at <= as_of.as_of
    where activity.activity_type = 'group_joined'
),

final as (
    select
        metric_date,

        cast(sum(joins) as bigint) as joins,
        cast(sum(confirmed_joins) as bigint) as confirmed_joins
    from memberships
    group by 1
)

select * from final
