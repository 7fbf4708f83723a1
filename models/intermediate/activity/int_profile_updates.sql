with

chemlink_persons as (select * from {{ ref('chemlink_persons_history') }}),

engagement_persons as (select * from {{ ref('engagement_persons_history') }}),

parameters as (select * from {{ ref('activity_parameters') }}),

-- a deletion makes a version too, with the time of the update before it
unioned as (
    select
        'chemlink' as source_system,
        cast(person_id as text) as account_id,
        created_at,
        updated_at
    from chemlink_persons

    union distinct

    select
        'engagement' as source_system,
        person_id as account_id,
        created_at,
        updated_at
    from engagement_persons
),

-- a bulk job moves many rows within a minute
counted as (
    select
        source_system,
        account_id,
        created_at,
        updated_at,
        row_number() over (
            partition by source_system, account_id
            order by updated_at
        ) as update_number,
        count(*) over (
            partition by source_system, date_trunc('minute', updated_at)
        ) as updates_of_minute
    from unioned
),

final as (
    select
        counted.source_system,
        counted.account_id,
        counted.update_number,
        counted.updated_at
    from counted
    cross join parameters
    where
        counted.updated_at > counted.created_at
        and counted.updates_of_minute < parameters.bulk_update_rows_per_minute
)

select * from final
