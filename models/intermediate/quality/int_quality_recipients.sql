with

campaigns as (
    select * from {{ ref('dim_campaigns') }}
    where not is_test
),

recipients as (
    select * from {{ ref('fct_push_recipients') }}
    where is_eligible_user
),

users as (select * from {{ ref('dim_users') }}),

activity as (
    select * from {{ ref('fct_user_activity') }}
    where source_system = 'posthog'
),

windows as (
    select
        recipients.user_key,
        not recipients.is_incomplete
        and not recipients.is_baseline_before_tracking as is_tracked
    from recipients
    inner join campaigns
        on recipients.campaign_key = campaigns.campaign_key
),

people as (
    select distinct
        windows.user_key,
        users.is_in_posthog
    from windows
    inner join users
        on windows.user_key = users.user_key
),

seen_users as (
    select distinct user_key from activity
),

final as (
    select
        'recipients_identified' as check_name,
        cast(null as {{ type_text() }}) as subject,

        count(*) filter (where is_in_posthog) as numerator,
        count(*) as denominator
    from people
    having count(*) > 0

    union all

    select
        'recipients_seen' as check_name,
        cast(null as {{ type_text() }}) as subject,

        count(seen_users.user_key) as numerator,
        count(*) as denominator
    from people
    left join seen_users
        on people.user_key = seen_users.user_key
    having count(*) > 0

    union all

    select
        'windows_tracked' as check_name,
        cast(null as {{ type_text() }}) as subject,

        count(*) filter (where is_tracked) as numerator,
        count(*) as denominator
    from windows
    having count(*) > 0
)

select * from final
