with

seen_ids as (
    select * from {{ ref('int_distinct_ids') }}
    where last_received_at is not null
),

listed_ids as (select * from {{ ref('stg_posthog__distinct_ids') }}),

persons as (select * from {{ ref('stg_posthog__persons') }}),

app_identities as (
    select * from {{ ref('int_account_identities') }}
    where source_system = 'app'
),

as_of as (select * from {{ ref('int_as_of') }}),

mapped_ids as (
    select listed_ids.*
    from listed_ids
    cross join as_of
    left join persons
        on listed_ids.posthog_person_id = persons.posthog_person_id
    where coalesce(persons.created_at <= as_of.as_of, true)
),

distinct_ids as (
    select distinct_id_hash from seen_ids
    union distinct
    select distinct_id_hash from mapped_ids
),

-- a distinct id is the id of an app user, or else the user's e-mail address
owned_ids as (
    select
        distinct_ids.distinct_id_hash,
        mapped_ids.posthog_person_id,
        seen_ids.distinct_id_hash is not null as is_seen,
        by_id.user_key as id_key,
        coalesce(by_id.user_key, by_email.user_key) as own_key
    from distinct_ids
    left join seen_ids
        on distinct_ids.distinct_id_hash = seen_ids.distinct_id_hash
    left join mapped_ids
        on
            distinct_ids.distinct_id_hash = mapped_ids.distinct_id_hash
            and not mapped_ids.is_deleted
    left join app_identities as by_id
        on distinct_ids.distinct_id_hash = by_id.source_id_hash
    left join app_identities as by_email
        on distinct_ids.distinct_id_hash = by_email.email_hash
),

posthog_people as (
    select
        posthog_person_id,
        count(distinct own_key) as owner_count,
        case when count(distinct own_key) = 1 then min(own_key) end
            as owner_key,
        -- an id that belongs to an app user must not name strangers, nor one
        -- without an event
        min(distinct_id_hash) filter (where own_key is null and is_seen)
            as stranger_key
    from owned_ids
    where posthog_person_id is not null
    group by 1
),

final as (
    select
        owned_ids.distinct_id_hash as source_id,
        owned_ids.posthog_person_id as current_person_id,
        coalesce(
            owned_ids.own_key,
            posthog_people.owner_key,
            posthog_people.stranger_key,
            owned_ids.distinct_id_hash
        ) as user_key,
        case
            when owned_ids.id_key is not null then 'direct'
            when owned_ids.own_key is not null then 'email_hash'
            when posthog_people.owner_key is not null then 'person_merge'
            else 'unmatched'
        end as match_method,
        coalesce(posthog_people.owner_count > 1, false) as has_conflict
    from owned_ids
    left join posthog_people
        on owned_ids.posthog_person_id = posthog_people.posthog_person_id
)

select * from final
