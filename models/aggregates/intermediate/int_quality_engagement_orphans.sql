with

post_orphans as (select * from {{ ref('int_quality_post_orphans') }}),

group_orphans as (select * from {{ ref('int_quality_group_orphans') }}),

mention_orphans as (select * from {{ ref('int_quality_mention_orphans') }}),

report_orphans as (select * from {{ ref('int_quality_report_orphans') }}),

message_orphans as (select * from {{ ref('int_quality_message_orphans') }}),

reaction_orphans as (select * from {{ ref('int_quality_reaction_orphans') }}),

unioned as (
    select * from post_orphans
    union all
    select * from group_orphans
    union all
    select * from mention_orphans
    union all
    select * from report_orphans
    union all
    select * from message_orphans
    union all
    select * from reaction_orphans
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
