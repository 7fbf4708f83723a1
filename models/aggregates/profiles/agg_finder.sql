with

days as (
    select * from {{ ref('int_feature_days') }}
    where feature = 'finder'
),

searches as (select * from {{ ref('agg_searches') }}),

profile_changes as (
    select * from {{ ref('int_stock_changes') }}
    where stock = 'finder_profiles'
),

activity as (select * from {{ ref('int_eligible_activity') }}),

votes as (select * from {{ ref('stg_chemlink__votes') }}),

daily_votes as (
    select
        activity.metric_date,
        count(*) filter (where votes.vote_type = 'upvote') as upvotes,
        count(*) filter (where votes.vote_type = 'downvote') as downvotes,
        count(*) filter (
            where coalesce(votes.vote_type, '') not in ('upvote', 'downvote')
        ) as other_votes,
        count(*) as votes,
        count(distinct activity.user_key) as voters,
        count(distinct votes.rated_person_id) as rated_profiles
    from activity
    inner join votes
        on activity.source_id = cast(votes.vote_id as {{ type_text() }})
    where activity.activity_type = 'vote'
    group by activity.metric_date
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

        case when days.is_complete then coalesce(daily_searches.searches, 0) end
            as searches,
        case when days.is_complete then coalesce(daily_votes.upvotes, 0) end
            as upvotes,
        case when days.is_complete then coalesce(daily_votes.downvotes, 0) end
            as downvotes,
        case when days.is_complete then coalesce(daily_votes.other_votes, 0) end
            as other_votes,
        case when days.is_complete then coalesce(daily_votes.votes, 0) end
            as votes,
        case when days.is_complete then coalesce(daily_votes.voters, 0) end
            as voters,
        case
            when days.is_complete
                then coalesce(daily_votes.rated_profiles, 0)
        end as rated_profiles,
        case
            when days.is_complete
                then
                    cast(
                        sum(coalesce(profile_changes.stock_change, 0))
                            over (order by days.metric_date)
                        as bigint
                    )
        end as finder_profiles,

        days.is_complete
    from days
    left join daily_searches
        on days.metric_date = daily_searches.metric_date
    left join daily_votes
        on days.metric_date = daily_votes.metric_date
    left join profile_changes
        on days.metric_date = profile_changes.changed_date
)

select * from final
