with

identities as (select * from {{ ref('bridge_user_identities') }}),

match_methods as (select * from {{ ref('identity_match_methods') }}),

posthog_ids as (
    select match_method from identities
    where source_system = 'posthog'
),

totals as (
    select count(*) as id_count from posthog_ids
    having count(*) > 0
),

final as (
    select
        'ids_matched' as check_name,
        match_methods.match_method as subject,

        count(posthog_ids.match_method) as numerator,
        totals.id_count as denominator
    from match_methods
    cross join totals
    left join posthog_ids
        on match_methods.match_method = posthog_ids.match_method
    group by match_methods.match_method, totals.id_count

    union all

    select
        'accounts_linked' as check_name,
        source_system as subject,

        count(*) filter (where match_method <> 'unmatched') as numerator,
        count(*) as denominator
    from identities
    group by source_system
)

select * from final
