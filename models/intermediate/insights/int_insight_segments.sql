with

answers as (
    select * from {{ ref('int_insight_answers') }}
    where is_old_enough
),

conversations as (select * from {{ ref('fct_conversations') }}),

activity as (
    select * from {{ ref('fct_user_activity') }}
    where source_system = 'assistant'
),

dates as (select * from {{ ref('dim_date') }}),

-- of what is as frequent, any, but the same one on every engine
use_cases as (
    select
        user_key,
        month_start_date,
        use_case,
        row_number() over (
            partition by user_key, month_start_date
            order by count(*) desc, md5(use_case) asc nulls last
        ) as use_case_rank
    from answers
    group by user_key, month_start_date, use_case
),

tools as (
    select
        conversations.user_key,
        dates.month_start_date,
        conversations.main_tool,
        row_number() over (
            partition by conversations.user_key, dates.month_start_date
            order by
                count(*) desc,
                md5(conversations.main_tool) asc nulls last
        ) as tool_rank
    from conversations
    inner join dates
        on {{ reporting_date('conversations.started_at') }} = dates.date_day
    where conversations.main_tool is not null
    group by
        conversations.user_key,
        dates.month_start_date,
        conversations.main_tool
),

activation as (
    select
        user_key,
        {{ reporting_date(
            "min(occurred_at) filter (where activity_type = 'result_made')"
        ) }} as made_on,
        {{ reporting_date(
            "min(occurred_at) filter (where activity_type in "
            ~ "('result_downloaded', 'result_shared'))"
        ) }} as shared_on
    from activity
    group by user_key
),

members as (
    select
        *,
        cast(month_start_date + interval '1 month' as date) as month_end_date
    from use_cases
    where use_case_rank = 1
),

final as (
    select
        members.user_key,

        members.use_case
        || ', '
        || case
            when activation.shared_on < members.month_end_date then 'shared'
            when activation.made_on < members.month_end_date then 'made'
            else 'talked'
        end
        || ', '
        || coalesce(tools.main_tool, 'none') as segment,

        members.month_start_date
    from members
    left join tools
        on
            members.user_key = tools.user_key
            and members.month_start_date = tools.month_start_date
            and tools.tool_rank = 1
    left join activation
        on members.user_key = activation.user_key
)

select * from final
