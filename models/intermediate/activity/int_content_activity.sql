with

posts as (select * from {{ ref('stg_engagement__posts') }}),

comments as (select * from {{ ref('stg_engagement__comments') }}),

mentions as (select * from {{ ref('stg_engagement__mentions') }}),

messages as (select * from {{ ref('stg_engagement__messages') }}),

unioned as (
    select
        author_person_id as person_id,
        'post' as activity_type,
        'posts' as source_table,
        post_id as source_id,
        created_at as occurred_at,
        cast(null as {{ type_instant() }}) as voided_at
    from posts

    union all

    select
        comments.author_person_id as person_id,
        'comment' as activity_type,
        'comments' as source_table,
        comments.comment_id as source_id,
        comments.created_at as occurred_at,
        posts.deleted_at as voided_at
    from comments
    left join posts
        on comments.post_id = posts.post_id

    union all

    select
        mentions.mentioning_person_id as person_id,
        'mention' as activity_type,
        'mentions' as source_table,
        mentions.mention_id as source_id,
        mentions.created_at as occurred_at,
        least(comments.deleted_at, posts.deleted_at) as voided_at
    from mentions
    left join comments
        on mentions.comment_id = comments.comment_id
    left join posts
        on coalesce(mentions.post_id, comments.post_id) = posts.post_id

    union all

    select
        sender_person_id as person_id,
        'message_sent' as activity_type,
        'messages' as source_table,
        message_id as source_id,
        created_at as occurred_at,
        cast(null as {{ type_instant() }}) as voided_at
    from messages
    where not is_automatic
),

final as (
    select
        cast(person_id as {{ type_text() }}) as account_id,
        activity_type,
        'engagement' as source_system,
        source_table,
        cast(source_id as {{ type_text() }}) as source_id,
        occurred_at,
        voided_at
    from unioned
)

select * from final
