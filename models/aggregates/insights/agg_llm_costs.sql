with

calls as (
    select
        *,
        {{ reporting_date('called_at') }} as call_date,
        coalesce(cached_tokens, 0) as known_cached_tokens
    from {{ ref('stg_insights__calls') }}
    where status <> 'budget'
),

prices as (
    select
        *,
        lead(valid_from) over (
            partition by model
            order by valid_from
        ) as valid_until
    from {{ ref('llm_prices') }}
),

priced as (
    select
        calls.call_date,
        calls.model,
        calls.purpose,
        calls.status,
        calls.input_tokens,
        calls.output_tokens,
        calls.known_cached_tokens,
        prices.currency,
        (
            (calls.input_tokens - calls.known_cached_tokens)
            * prices.input_per_million
            + calls.known_cached_tokens * prices.cached_input_per_million
            + calls.output_tokens * prices.output_per_million
        ) / 1000000 as call_cost
    from calls
    left join prices
        on
            calls.model = prices.model
            and calls.call_date >= prices.valid_from
            and (
                prices.valid_until is null
                or calls.call_date < prices.valid_until
            )
),

final as (
    select
        call_date,

        model,
        purpose,
        currency,

        count(*) as calls,
        count(*) filter (where status <> 'ok') as failed_calls,
        count(*) filter (where input_tokens is null or output_tokens is null)
            as calls_without_usage,
        cast(coalesce(sum(input_tokens), 0) as bigint) as input_tokens,
        cast(sum(known_cached_tokens) as bigint) as cached_tokens,
        cast(coalesce(sum(output_tokens), 0) as bigint) as output_tokens,
        coalesce(sum(call_cost), 0) as call_cost
    from priced
    group by call_date, model, purpose, currency
)

select * from final
