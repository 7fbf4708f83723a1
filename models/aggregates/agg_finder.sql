with

days as (
    select * from {{ ref('int_feature_days') }}
    where feature = 'finder'
),

daily_searches as (select * from {{ ref('int_finder_searches') }}),

daily_votes as (select * from {{ ref('int_finder_votes') }}),

profile_changes as (
    select * from {{ ref('int_stock_changes') }}
    where stock = 'finder_profiles'
),

intents as (
    select intent from daily_searches
    union distinct
    select 'all' as intent
),

-- a vote and a profile name no search, so they belong to no intent
joined as (
    select
        days.metric_date,
        intents.intent,
        intents.intent = 'all' as is_total,
        daily_searches.searches,
        daily_votes.upvotes,
        daily_votes.downvotes,
        daily_votes.other_votes,
        daily_votes.votes,
        daily_votes.voters,
        daily_votes.rated_profiles,
        sum(profile_changes.stock_change) over (
            partition by intents.intent
            order by days.metric_date
        ) as finder_profiles
    from days
    cross join intents
    left join daily_searches
        on
            days.metric_date = daily_searches.metric_date
            and intents.intent = daily_searches.intent
    left join daily_votes
        on days.metric_date = daily_votes.metric_date
    left join profile_changes
        on days.metric_date = profile_changes.changed_date
),

final as (
    select
        metric_date,

        intent,

        coalesce(searches, 0) as searches,
        case when is_total then coalesce(upvotes, 0) end as upvotes,
        case when is_total then coalesce(downvotes, 0) end as downvotes,
        case when is_total then coalesce(other_votes, 0) end as other_votes,
        case when is_total then coalesce(votes, 0) end as votes,
        case when is_total then coalesce(voters, 0) end as voters,
        case when is_total then coalesce(rated_profiles, 0) end
            as rated_profiles,
        case when is_total then cast(coalesce(finder_profiles, 0) as bigint) end
            as finder_profiles
    from joined
)

select * from final
