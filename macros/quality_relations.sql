{% macro quality_relations() -%}
    {%- set parents = {
        "app_user": ("stg_neon__users", "user_id"),
        "offer": ("stg_neon__offers", "offer_id"),
        "chemlink_person": ("stg_chemlink__persons", "person_id"),
        "collection": ("stg_chemlink__collections", "collection_id"),
        "person": ("stg_engagement__persons", "person_id"),
        "post": ("stg_engagement__posts", "post_id"),
        "comment": ("stg_engagement__comments", "comment_id"),
        "group": ("stg_engagement__groups", "group_id"),
        "conversation": ("stg_engagement__conversations", "conversation_id"),
        "message": ("stg_engagement__messages", "message_id"),
        "assistant_user": ("stg_assistant__users", "assistant_user_id"),
        "assistant_conversation": ("stg_assistant__conversations", "conversation_id"),
    } -%}
    {%- set relations = [] -%}
    {%- for child, dated_at, source_table, links in [
        ("stg_neon__notifications", "sent_at", "neon.user_notifications", [
            ("user_id", "user_id", "app_user"),
        ]),
        ("stg_neon__offers", "created_at", "neon.offers", [
            ("creator_user_id", "creator_user_id", "app_user"),
            ("receiver_user_id", "receiver_user_id", "app_user"),
        ]),
        ("stg_neon__trades", "created_at", "neon.trades", [
            ("offer_id", "offer_id", "offer"),
        ]),
        ("stg_neon__closet_items", "created_at", "neon.inventory_items", [
            ("user_id", "user_id", "app_user"),
        ]),
        ("stg_chemlink__experiences", "created_at", "chemlink.experiences", [
            ("person_id", "person_id", "chemlink_person"),
        ]),
        ("stg_chemlink__educations", "created_at", "chemlink.education", [
            ("person_id", "person_id", "chemlink_person"),
        ]),
        ("stg_chemlink__person_languages", "created_at", "chemlink.person_languages", [
            ("person_id", "person_id", "chemlink_person"),
        ]),
        ("stg_chemlink__collections", "created_at", "chemlink.collections", [
            ("person_id", "creator_person_id", "chemlink_person"),
        ]),
        ("stg_chemlink__collection_profiles", "created_at", "chemlink.collection_profiles", [
            ("collection_id", "collection_id", "collection"),
            ("person_id", "profile_person_id", "chemlink_person"),
            ("added_by", "added_by_person_id", "chemlink_person"),
        ]),
        ("stg_chemlink__collection_collaborators", "created_at", "chemlink.collection_collaborators", [
            ("collection_id", "collection_id", "collection"),
            ("person_id", "collaborator_person_id", "chemlink_person"),
            ("added_by", "added_by_person_id", "chemlink_person"),
        ]),
        ("stg_chemlink__votes", "created_at", "chemlink.query_votes", [
            ("voter_id", "voter_person_id", "chemlink_person"),
            ("profile_id", "rated_person_id", "chemlink_person"),
        ]),
        ("stg_chemlink__finder_profiles", "created_at", "chemlink.embeddings", [
            ("person_id", "person_id", "chemlink_person"),
        ]),
        ("stg_chemlink__access_grants", "created_at", "chemlink.view_access", [
            ("person_id", "person_id", "chemlink_person"),
        ]),
        ("stg_engagement__posts", "created_at", "engagement.posts", [
            ("person_id", "author_person_id", "person"),
            ("group_id", "group_id", "group"),
        ]),
        ("stg_engagement__comments", "created_at", "engagement.comments", [
            ("person_id", "author_person_id", "person"),
            ("post_id", "post_id", "post"),
            ("parent_comment_id", "parent_comment_id", "comment"),
        ]),
        ("stg_engagement__groups", "created_at", "engagement.groups", [
            ("created_by", "creator_person_id", "person"),
        ]),
        ("stg_engagement__group_members", "created_at", "engagement.group_members", [
            ("group_id", "group_id", "group"),
            ("person_id", "person_id", "person"),
        ]),
        ("stg_engagement__mentions", "created_at", "engagement.mentions", [
            ("post_id", "post_id", "post"),
            ("comment_id", "comment_id", "comment"),
            ("mentioned_person_id", "mentioned_person_id", "person"),
            ("mentioned_by_person_id", "mentioning_person_id", "person"),
        ]),
        ("stg_engagement__reports", "created_at", "engagement.reports", [
            ("reporter_id", "reporter_person_id", "person"),
            ("reported_post_id", "reported_post_id", "post"),
            ("reported_comment_id", "reported_comment_id", "comment"),
        ]),
        ("stg_engagement__conversations", "created_at", "engagement.conversations", [
            ("created_by", "creator_person_id", "person"),
        ]),
        ("stg_engagement__conversation_participants", "created_at", "engagement.conversation_participants", [
            ("conversation_id", "conversation_id", "conversation"),
            ("person_id", "person_id", "person"),
        ]),
        ("stg_engagement__messages", "created_at", "engagement.messages", [
            ("conversation_id", "conversation_id", "conversation"),
            ("sender_id", "sender_person_id", "person"),
        ]),
        ("stg_engagement__message_reads", "read_at", "engagement.message_reads", [
            ("message_id", "message_id", "message"),
            ("person_id", "person_id", "person"),
        ]),
        ("stg_engagement__message_reactions", "created_at", "engagement.message_reactions", [
            ("message_id", "message_id", "message"),
            ("person_id", "person_id", "person"),
        ]),
        ("stg_assistant__conversations", "created_at", "assistant.conversations", [
            ("user_id", "assistant_user_id", "assistant_user"),
        ]),
        ("stg_assistant__messages", "created_at", "assistant.messages", [
            ("conversation_id", "conversation_id", "assistant_conversation"),
        ]),
        ("stg_assistant__service_jobs", "created_at", "assistant.service_jobs", [
            ("user_id", "assistant_user_id", "assistant_user"),
            ("conversation_id", "conversation_id", "assistant_conversation"),
        ]),
        ("stg_assistant__user_actions", "created_at", "assistant.user_actions", [
            ("user_id", "assistant_user_id", "assistant_user"),
        ]),
    ] -%}
        {%- for source_column, child_column, kind in links -%}
            {%- do relations.append({
                "subject": source_table ~ "." ~ source_column,
                "child": child,
                "child_column": child_column,
                "dated_at": dated_at,
                "parent": parents[kind][0],
                "parent_key": parents[kind][1],
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- do return(relations) -%}
{%- endmacro %}
