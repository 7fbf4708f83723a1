with

neon as (select * from {{ ref('stg_neon__loads') }}),

posthog as (select * from {{ ref('stg_posthog__loads') }}),

chemlink as (select * from {{ ref('stg_chemlink__loads') }}),

engagement as (select * from {{ ref('stg_engagement__loads') }}),

unioned as (
    select
        'neon' as source_name,
        *
    from neon

    union all

    select
        'posthog' as source_name,
        *
    from posthog

    union all

    select
        'chemlink' as source_name,
        *
    from chemlink

    union all

    select
        'engagement' as source_name,
        *
    from engagement
),

final as (
    select
        source_name,
        table_name,

        case
            when source_name = 'posthog' then 'posthog'
            when origin = 'cadence' then 'push'
            when origin = 'files' then 'push_files'
            else origin
        end as source_system,

        new_row_count,
        changed_row_count,
        deleted_row_count,
        rejected_row_count,

        is_reconciled,

        started_at,
        finished_at,
        known_until_at
    from unioned
)

select * from final
