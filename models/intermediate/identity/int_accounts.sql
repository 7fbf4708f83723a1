with

versions as (select * from {{ ref('int_account_versions') }}),

test_accounts as (select * from {{ ref('test_accounts') }}),

as_of as (select * from {{ ref('int_as_of') }}),

-- the oldest known version stands for the time before it; a date that cannot be
-- true is none, and does not make the account one of the future
ranked as (
    select
        versions.*,
        as_of.as_of,
        as_of.plausible_until_at,
        row_number() over (
            partition by versions.source_system, versions.source_id
            order by
                coalesce(versions.valid_from_at <= as_of.as_of, false) desc,
                case
                    when versions.valid_from_at <= as_of.as_of
                        then versions.valid_from_at
                end desc,
                versions.valid_from_at nulls last
        ) as recency
    from versions
    cross join as_of
    where
        versions.known_at is null
        or versions.known_at <= as_of.as_of
        or versions.known_at > as_of.plausible_until_at
),

final as (
    select
        ranked.source_system,
        ranked.source_id,
        ranked.source_id_hash,
        ranked.external_id_hash,
        ranked.email_hash,

        ranked.has_finder,
        -- look-ups, because one `exists` with `or` compares every pair
        coalesce(
            ranked.source_id_hash in (
                select test_accounts.account_hash from test_accounts
            )
            or ranked.email_hash in (
                select test_accounts.account_hash from test_accounts
            )
            or ranked.email_domain_hash in (
                select test_accounts.account_hash from test_accounts
            ),
            false
        ) as is_test_account,
        ranked.is_registered
        and (
            ranked.created_at is null
            or ranked.created_at <= ranked.as_of
            or ranked.created_at > ranked.plausible_until_at
        ) as is_account,

        -- a history may be older than the rule for times that stand for none
        case
            when ranked.created_at <= ranked.as_of
                then {{ plausible_time('ranked.created_at') }}
        end as created_at,
        case when ranked.deleted_at <= ranked.as_of then ranked.deleted_at end
            as deleted_at
    from ranked
    where ranked.recency = 1
)

select * from final
