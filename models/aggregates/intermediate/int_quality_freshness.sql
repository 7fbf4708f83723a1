with

notifications as (select * from {{ ref('fct_notifications') }}),

activity as (select * from {{ ref('fct_user_activity') }}),

as_of as (select * from {{ ref('int_as_of') }}),

newest as (
    select
        'newest_push' as check_name,
        'pushes' as subject,
        max(sent_at) as newest_at
    from notifications
    having count(*) > 0

    union all

    select
        'newest_activity' as check_name,
        source_system as subject,
        max(occurred_at) as newest_at
    from activity
    group by 2
),

-- hours behind the newest source of all, in days
final as (
    select
        newest.check_name,
        newest.subject,

        cast(
            floor(extract(epoch from as_of.as_of - newest.newest_at) / 3600)
            as bigint
        ) as numerator,
        cast(24 as bigint) as denominator
    from newest
    cross join as_of
)

select * from final
