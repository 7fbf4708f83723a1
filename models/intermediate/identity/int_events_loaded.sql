with

slices as (select * from {{ ref('stg_posthog__load_slices') }}),

pending as (
    select
        count(*) as slice_count,
        count(loaded_from_at) as bounded_count,
        min(loaded_from_at) as loaded_until_at
    from slices
    where status <> 'verified'
),

verified as (
    select max(loaded_until_at) as loaded_until_at
    from slices
    where status = 'verified'
),

-- a slice that is still to come may hold anything since its own beginning
final as (
    select
        case
            when pending.slice_count = 0 then verified.loaded_until_at
            when pending.slice_count = pending.bounded_count
                then pending.loaded_until_at
        end as loaded_until_at
    from verified
    cross join pending
)

select * from final
