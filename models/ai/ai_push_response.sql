with

-- a rate of a few hours says nothing: without enough baseline there is none
recipients as (
    select
        *,
        case
            when not is_short_history
                then baseline_hours / cast(24 as {{ type_double() }})
        end as baseline_days
    from {{ ref('fct_push_recipients') }}
    where is_eligible_user and not is_incomplete
),

notifications as (select * from {{ ref('fct_notifications') }}),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
    where not is_test
),

counts as (select * from {{ ref('int_ai_push_counts') }}),

datasets as (
    select * from {{ ref('int_ai_datasets') }}
    where dataset = 'ai_push_response'
),

parameters as (select * from {{ ref('push_parameters') }}),

final as (
    select
        recipients.user_key,
        recipients.campaign_key,
        datasets.dataset_version,
        {{ dataset_split('recipients.user_key') }} as split,

        campaigns.content_class,

        -- an inferred layer may stem from a later campaign
        case when not campaigns.is_layer_inferred then campaigns.layer_id end
            as layer_id,
        cast(extract(hour from {{ zone_time('recipients.sent_at') }}) as bigint)
            as send_hour,
        {{ iso_weekday(zone_time('recipients.sent_at')) }} as send_weekday,
        notifications.hours_since_previous_push,
        notifications.pushes_previous_30_days,
        recipients.baseline_hours,
        coalesce(counts.session_count, 0) / recipients.baseline_days
            as sessions_per_day,
        coalesce(counts.closet_add_count, 0) / recipients.baseline_days
            as closet_adds_per_day,
        coalesce(counts.wishlist_add_count, 0) / recipients.baseline_days
            as wishlist_adds_per_day,
        coalesce(counts.offer_created_count, 0) / recipients.baseline_days
            as offers_created_per_day,
        coalesce(counts.offer_accepted_count, 0) / recipients.baseline_days
            as offers_accepted_per_day,
        coalesce(counts.trade_machine_click_count, 0) / recipients.baseline_days
            as trade_machine_clicks_per_day,
        coalesce(counts.confirmed_trade_count, 0) / recipients.baseline_days
            as confirmed_trades_per_day,
        cast(
            floor(
                {{ seconds_between(
                    'recipients.first_seen_at', 'recipients.sent_at'
                ) }} / 86400
            ) as bigint
        ) as days_since_first_seen,
        coalesce(counts.target_post_count, 0) * cast(24 as {{ type_double() }})
        / parameters.post_hours
        - coalesce(counts.target_baseline_count, 0) / recipients.baseline_days
            as label_lift_per_day,

        coalesce(counts.target_post_count, 0) > 0 as label_responded_48_hours,

        recipients.sent_at as as_of_at
    from recipients
    inner join campaigns
        on recipients.campaign_key = campaigns.campaign_key
    inner join notifications
        on
            recipients.campaign_key = notifications.campaign_key
            and recipients.user_key = notifications.user_key
    inner join datasets
        on recipients.post_ends_at <= datasets.known_until_at
    cross join parameters
    left join counts
        on
            recipients.campaign_key = counts.campaign_key
            and recipients.user_key = counts.user_key
    -- no response is known from before the app was tracked
    where coalesce(datasets.known_from_at <= recipients.sent_at, true)
)

select * from final
