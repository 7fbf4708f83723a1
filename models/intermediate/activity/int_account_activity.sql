with

app_activity as (select * from {{ ref('int_app_activity') }}),

login_activity as (select * from {{ ref('int_login_activity') }}),

profile_activity as (select * from {{ ref('int_profile_activity') }}),

content_activity as (select * from {{ ref('int_content_activity') }}),

assistant_activity as (select * from {{ ref('int_assistant_activity') }}),

group_activity as (select * from {{ ref('int_group_activity') }}),

lasting as (
    select * from login_activity
    union all
    select * from profile_activity
    union all
    select * from assistant_activity
),

voidable as (
    select * from app_activity
    union all
    select * from content_activity
    union all
    select * from group_activity
),

final as (
    select
        account_id,
        activity_type,
        source_system,
        source_table,
        source_id,
        occurred_at,
        cast(null as {{ type_instant() }}) as voided_at
    from lasting

    union all

    select
        account_id,
        activity_type,
        source_system,
        source_table,
        source_id,
        occurred_at,
        voided_at
    from voidable

    {% for system, parts in source_systems().items() %}
        {% for activity in parts.activities or [] %}
            union all

            select
                cast({{ activity.account_id }} as {{ type_text() }})
                    as account_id,
                '{{ activity.type }}' as activity_type,
                '{{ system }}' as source_system,
                '{{ activity.table }}' as source_table,
                cast({{ activity.id }} as {{ type_text() }}) as source_id,
                {{ activity.occurred_at }} as occurred_at,
                {{
                    activity.voided_at
                    or 'cast(null as ' ~ type_instant() ~ ')'
                }}
                    as voided_at
            from {{ ref(activity.model) }}
        {% endfor %}
    {% endfor %}
)

select * from final
