with

codes as (select * from {{ ref('int_insight_codes') }}),

sizes as (select * from {{ ref('int_insight_code_sizes') }}),

thresholds as (select * from {{ ref('insight_thresholds') }}),

-- an answer with two of the codes is one answer of both together
added as (
    select
        codes.facet,
        codes.period_start_date,
        codes.user_key,
        sizes.code_rank,
        sizes.small_codes,
        case
            when
                row_number() over (
                    partition by
                        codes.facet, codes.period_start_date, codes.cache_key
                    order by sizes.code_rank
                ) = 1
                then codes.conversation_count
            else 0
        end as conversations
    from codes
    inner join sizes
        on
            codes.facet = sizes.facet
            and codes.period_start_date = sizes.period_start_date
            and codes.code = sizes.code
    where sizes.small_codes > 0
),

added_people as (
    select
        facet,
        period_start_date,
        code_rank,
        small_codes,
        sum(conversations) as conversations,
        sum(sum(conversations)) over (
            partition by facet, period_start_date, user_key
            order by code_rank
            rows between unbounded preceding and current row
        ) as conversations_so_far,
        row_number() over (
            partition by facet, period_start_date, user_key
            order by code_rank
        ) as person_code_number
    from added
    group by facet, period_start_date, user_key, code_rank, small_codes
),

together as (
    select
        facet,
        period_start_date,
        code_rank,
        small_codes,
        sum(count(*) filter (where person_code_number = 1)) over (
            partition by facet, period_start_date
            order by code_rank
            rows between unbounded preceding and current row
        ) as people,
        sum(sum(conversations)) over (
            partition by facet, period_start_date
            order by code_rank
            rows between unbounded preceding and current row
        ) as conversations,
        -- whoever adds nothing more has what he had
        max(max(conversations_so_far)) over (
            partition by facet, period_start_date
            order by code_rank
            rows between unbounded preceding and current row
        ) as most_conversations
    from added_people
    group by facet, period_start_date, code_rank, small_codes
),

-- one code alone, or too few people, could be told from what is shown
hidden as (
    select
        together.facet,
        together.period_start_date,
        min(together.code_rank) as last_hidden_rank
    from together
    cross join thresholds
    where
        together.code_rank >= 2
        and together.code_rank >= together.small_codes
        and {{ is_publishable_group(
            'together.people',
            'together.conversations',
            'together.most_conversations',
        ) }}
    group by together.facet, together.period_start_date
),

final as (
    select
        sizes.facet,
        sizes.code,
        case
            when
                sizes.small_codes > 0
                and sizes.code_rank
                <= coalesce(hidden.last_hidden_rank, sizes.code_rank)
                then 'withheld'
            else sizes.code
        end as published_code,

        sizes.small_codes = 0
        or hidden.last_hidden_rank is not null as is_countable,

        sizes.period_start_date
    from sizes
    left join hidden
        on
            sizes.facet = hidden.facet
            and sizes.period_start_date = hidden.period_start_date
)

select * from final
