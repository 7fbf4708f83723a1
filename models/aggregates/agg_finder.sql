with

days as (
    select * from {{ ref('int_feature_days') }}
    where feature = 'finder'
),

searches as (select * from {{ ref('agg_searches') }}),

daily_votes as (select * from {{ ref('int_finder_votes') }}),

profile_changes as (
    select * from {{ ref('int_stock_changes') }}
    where stock = 'finder_profiles'
),

daily_searches as (
    select
        metric_date,
        cast(sum(searches) as bigint) as searches
    from searches
    group by metric_date
),

final as (
    select
        days.metric_date,

        coalesce(daily_searches.searches, 0) as searches,
        coalesce(daily_votes.upvotes, 0) as upvotes,
        coalesce(daily_votes.downvotes, 0) as downvotes,
        coalesce(daily_votes.other_votes, 0) as other_votes,
        coalesce(daily_votes.votes, 0) as votes,
        coalesce(daily_votes.voters, 0) as voters,
        coalesce(daily_votes.rated_profiles, 0) as rated_profiles,
        cast(
            sum(coalesce(profile_changes.stock_change, 0))
                over (order by days.metric_date)
            as bigint
        ) as finder_profiles
    from days
    left join daily_searches
        on days.metric_date = daily_searches.metric_date
    left join daily_votes
        on days.metric_date = daily_votes.metric_date
    left join profile_changes
        on days.metric_date = profile_changes.changed_date
)

select * from final
