with

history as (select * from {{ ref('collections_history') }}),

as_of as (select * from {{ ref('int_as_of') }}),

numbered as (
    select
        collection_id,
        case
            when privacy in ('public', 'private') then privacy
            else 'unknown'
        end as privacy,
        created_at,
        dbt_valid_from as valid_from_at,
        row_number() over (
            partition by collection_id
            order by dbt_valid_from
        ) as version_number
    from history
),

-- before the history begins nothing is known but its first version
versions as (
    select
        numbered.collection_id,
        numbered.privacy,
        case
            when numbered.version_number = 1 then numbered.created_at
            else numbered.valid_from_at
        end as valid_from_at
    from numbered
    cross join as_of
    where
        numbered.created_at <= as_of.as_of
        and (
            numbered.version_number = 1
            or numbered.valid_from_at <= as_of.as_of
        )
),

final as (
    select
        collection_id,

        privacy,

        valid_from_at,
        lead(valid_from_at) over (
            partition by collection_id
            order by valid_from_at nulls last
        ) as valid_until_at
    from versions
)

select * from final
