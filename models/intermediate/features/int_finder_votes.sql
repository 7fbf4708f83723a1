with

activity as (select * from {{ ref('int_counted_activity') }}),

votes as (select * from {{ ref('stg_chemlink__votes') }}),

final as (
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
        on activity.source_id = cast(votes.vote_id as text)
    where activity.activity_type = 'vote'
    group by 1
)

select * from final
