with

measured as (select * from {{ ref('int_market_fit_values') }}),

signals as (select * from {{ ref('product_market_fit_signals') }}),

valued as (
    select
        measured.week_start_date,
        measured.signal_name,
        signals.meaning,
        signals.is_above,
        signals.is_share,
        signals.threshold,
        signals.smallest_n,
        measured.sample_size,
        1.0 / nullif(measured.sample_size, 0) as inverse_size,
        measured.measure_sum / nullif(measured.sample_size, 0)
            as signal_value,
        -- rounding must not make it negative
        greatest(
            measured.square_sum
            - measured.measure_sum * measured.measure_sum
            / nullif(measured.sample_size, 0),
            0
        )
        / nullif(measured.sample_size - 1, 0)
        / nullif(measured.sample_size, 0) as squared_error
    from measured
    inner join signals
        on measured.signal_name = signals.signal_name
),

-- Wilson's interval for shares, which holds for few people and near 0 too
bounded as (
    select
        *,
        case
            when is_share
                then {{ wilson_bound('signal_value', 'inverse_size', '-') }}
            else signal_value - 1.959964 * sqrt(squared_error)
        end as lower_bound,
        case
            when is_share
                then {{ wilson_bound('signal_value', 'inverse_size', '+') }}
            else signal_value + 1.959964 * sqrt(squared_error)
        end as upper_bound
    from valued
    where sample_size > 0
),

final as (
    select
        valued.week_start_date,

        valued.signal_name,
        valued.meaning,
        case
            when
                valued.sample_size < valued.smallest_n
                or bounded.lower_bound is null
                then 'too few to say'
            when
                bounded.lower_bound > valued.threshold
                then
                    case
                        when valued.is_above = (valued.meaning = 'strong')
                            then 'strong'
                        else 'weak'
                    end
            when
                bounded.upper_bound < valued.threshold
                then
                    case
                        when valued.is_above = (valued.meaning = 'strong')
                            then 'weak'
                        else 'strong'
                    end
            else 'too few to say'
        end as market_fit_verdict,

        valued.threshold as signal_threshold,
        valued.sample_size,
        valued.signal_value,
        bounded.lower_bound,
        bounded.upper_bound
    from valued
    left join bounded
        on
            valued.week_start_date = bounded.week_start_date
            and valued.signal_name = bounded.signal_name
)

select * from final
