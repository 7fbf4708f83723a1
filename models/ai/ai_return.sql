with

weeks as (select * from {{ ref('int_ai_first_weeks') }}),

uses as (select * from {{ ref('int_ai_first_week_use') }}),

datasets as (
    select * from {{ ref('int_ai_datasets') }}
    where dataset = 'ai_return'
),

final as (
    select
        weeks.user_key,
        datasets.dataset_version,
        weeks.split,

        weeks.conversation_count,
        weeks.active_day_count,
        weeks.days_since_last_conversation,
        uses.user_turns,
        uses.assistant_turns,
        uses.tool_count,
        uses.jobs_started,
        uses.jobs_ok,
        uses.jobs_failed,
        uses.credits_used,
        uses.download_count,
        uses.share_count,

        uses.has_used_up_credits,
        weeks.is_back_on_day_7 as label_back_on_day_7,
        weeks.is_back_on_day_30 as label_back_on_day_30,

        weeks.as_of_at
    from weeks
    inner join uses
        on weeks.user_key = uses.user_key
    inner join datasets
        on weeks.horizon_ends_at <= datasets.known_until_at
)

select * from final
