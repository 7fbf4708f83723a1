with

messages as (select * from {{ ref('stg_assistant__messages') }}),

jobs as (select * from {{ ref('stg_assistant__service_jobs') }}),

as_of as (select * from {{ ref('int_as_of') }}),

-- a product may name its tools in either, or in both by one name
uses as (
    select
        conversation_id,
        tool,
        created_at
    from messages
    where tool is not null

    union all

    select
        conversation_id,
        service as tool,
        created_at
    from jobs
    where service is not null and conversation_id is not null
),

-- of those used as often, any, but the same one on every engine
ranked as (
    select
        uses.conversation_id,
        uses.tool,
        row_number() over (
            partition by uses.conversation_id
            order by count(*) desc, md5(uses.tool) asc nulls last
        ) as tool_rank
    from uses
    inner join as_of
        on uses.created_at <= as_of.as_of
    group by uses.conversation_id, uses.tool
),

final as (
    select
        conversation_id,

        min(tool) filter (where tool_rank = 1) as main_tool,

        count(*) as tool_count
    from ranked
    group by conversation_id
)

select * from final
