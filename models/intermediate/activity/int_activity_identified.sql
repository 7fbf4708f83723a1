with

account_activity as (select * from {{ ref('int_account_activity') }}),

posthog_activity as (select * from {{ ref('int_posthog_activity') }}),

identities as (select * from {{ ref('bridge_user_identities') }}),

activity_types as (select * from {{ ref('activity_types') }}),

unioned as (
    select
        identities.user_key,
        account_activity.account_id,
        account_activity.activity_type,
        account_activity.source_system,
        account_activity.source_table,
        account_activity.source_id,
        account_activity.occurred_at,
        account_activity.voided_at
    from account_activity
    inner join identities
        on
            account_activity.source_system = identities.source_system
            and account_activity.account_id = identities.source_id

    union all

    select
        user_key,
        user_key as account_id,
        activity_type,
        'posthog' as source_system,
        source_table,
        source_id,
        occurred_at,
        cast(null as timestamptz) as voided_at
    from posthog_activity
),

final as (
    select
        md5(
            unioned.source_system || '|' || unioned.source_table || '|'
            || unioned.source_id || '|' || unioned.activity_type || '|'
            || unioned.account_id
        ) as event_key,
        unioned.user_key,

        unioned.activity_type,
        unioned.source_system,
        unioned.source_table,
        unioned.source_id,

        -- a push metric need not be listed
        coalesce(activity_types.is_activation, false) as is_activation,
        coalesce(activity_types.is_own_action, true) as is_own_action,

        unioned.occurred_at,
        unioned.voided_at
    from unioned
    left join activity_types
        on unioned.activity_type = activity_types.activity_type
)

select * from final
