{% macro quality_tables() -%}
    {%- set tables = [] -%}
    {%- for model, source_table, created_at, updated_at, deleted_at in [
        ("stg_neon__users", "neon.users", "created_at", none, "deleted_at"),
        ("stg_neon__offers", "neon.offers", "created_at", none, "deleted_at"),
        ("stg_neon__closet_items", "neon.inventory_items", "created_at", none, "deleted_at"),
        ("stg_neon__wishlist_items", "neon.wishlist_items", "created_at", none, "deleted_at"),
        ("stg_neon__trades", "neon.trades", "created_at", "confirmed_at", "deleted_at"),
        ("stg_chemlink__persons", "chemlink.persons", "created_at", "updated_at", "deleted_at"),
        ("stg_chemlink__experiences", "chemlink.experiences", "created_at", "updated_at", "deleted_at"),
        ("stg_chemlink__educations", "chemlink.education", "created_at", "updated_at", "deleted_at"),
        ("stg_chemlink__person_languages", "chemlink.person_languages", "created_at", "updated_at", "deleted_at"),
        ("stg_chemlink__access_grants", "chemlink.view_access", "created_at", "updated_at", "deleted_at"),
        ("stg_chemlink__collections", "chemlink.collections", "created_at", "updated_at", "deleted_at"),
        ("stg_chemlink__collection_profiles", "chemlink.collection_profiles", "created_at", "updated_at", "deleted_at"),
        ("stg_chemlink__collection_collaborators", "chemlink.collection_collaborators", "created_at", "updated_at", "deleted_at"),
        ("stg_chemlink__votes", "chemlink.query_votes", "created_at", "updated_at", "deleted_at"),
        ("stg_chemlink__searches", "chemlink.query_embeddings", "created_at", "updated_at", "deleted_at"),
        ("stg_chemlink__finder_profiles", "chemlink.embeddings", "created_at", "updated_at", "deleted_at"),
        ("stg_chemlink__glossary_terms", "chemlink.glossary", "created_at", "updated_at", none),
        ("stg_chemlink__audit_logs", "chemlink.audit_logs", "created_at", none, none),
        ("stg_chemlink__identities", "chemlink.identities", "created_at", none, none),
        ("stg_chemlink__login_sessions", "chemlink.sessions", "issued_at", "authenticated_at", none),
        ("stg_engagement__persons", "engagement.persons", "created_at", "updated_at", "deleted_at"),
        ("stg_engagement__posts", "engagement.posts", "created_at", "updated_at", "deleted_at"),
        ("stg_engagement__comments", "engagement.comments", "created_at", "updated_at", "deleted_at"),
        ("stg_engagement__groups", "engagement.groups", "created_at", "updated_at", "deleted_at"),
        ("stg_engagement__group_members", "engagement.group_members", "created_at", "updated_at", "deleted_at"),
        ("stg_engagement__mentions", "engagement.mentions", "created_at", none, "deleted_at"),
        ("stg_engagement__reports", "engagement.reports", "created_at", "reviewed_at", "deleted_at"),
        ("stg_engagement__conversations", "engagement.conversations", "created_at", "updated_at", "deleted_at"),
        ("stg_engagement__conversation_participants", "engagement.conversation_participants", "created_at", "updated_at", "deleted_at"),
        ("stg_engagement__messages", "engagement.messages", "created_at", "updated_at", "deleted_at"),
        ("stg_assistant__users", "assistant.users", "created_at", none, "deleted_at"),
        ("stg_assistant__conversations", "assistant.conversations", "created_at", "updated_at", "deleted_at"),
        ("stg_assistant__messages", "assistant.messages", "created_at", none, none),
        ("stg_assistant__service_jobs", "assistant.service_jobs", "created_at", "completed_at", none),
        ("stg_assistant__user_actions", "assistant.user_actions", "created_at", none, none),
    ] -%}
        {%- do tables.append({
            "subject": source_table,
            "model": model,
            "created_at": created_at,
            "updated_at": updated_at or "cast(null as " ~ type_instant() ~ ")",
            "deleted_at": deleted_at or "cast(null as " ~ type_instant() ~ ")",
        }) -%}
    {%- endfor -%}
    {%- do return(tables) -%}
{%- endmacro %}
