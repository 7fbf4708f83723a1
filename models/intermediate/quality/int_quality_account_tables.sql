with

finder_profiles as (select * from {{ ref('stg_chemlink__finder_profiles') }}),

glossary_terms as (select * from {{ ref('stg_chemlink__glossary_terms') }}),

audit_logs as (select * from {{ ref('stg_chemlink__audit_logs') }}),

identities as (select * from {{ ref('stg_chemlink__identities') }}),

login_sessions as (select * from {{ ref('stg_chemlink__login_sessions') }}),

as_of as (select * from {{ ref('int_as_of') }}),

table_rows as (
    select
        'chemlink.embeddings' as subject,
        created_at,
        updated_at,
        deleted_at,
        has_implausible_time
    from finder_profiles

    union all

    select
        'chemlink.glossary' as subject,
        created_at,
        updated_at,
        cast(null as timestamptz) as deleted_at,
        has_implausible_time
    from glossary_terms

    union all

    select
        'chemlink.audit_logs' as subject,
        created_at,
        cast(null as timestamptz) as updated_at,
        cast(null as timestamptz) as deleted_at,
        has_implausible_time
    from audit_logs

    union all

    select
        'chemlink.identities' as subject,
        created_at,
        cast(null as timestamptz) as updated_at,
        cast(null as timestamptz) as deleted_at,
        has_implausible_time
    from identities

    union all

    select
        'chemlink.sessions' as subject,
        issued_at as created_at,
        authenticated_at as updated_at,
        cast(null as timestamptz) as deleted_at,
        has_implausible_time
    from login_sessions
),

final as (
    {{ quality_tables('table_rows', 'as_of') }}
)

select * from final
