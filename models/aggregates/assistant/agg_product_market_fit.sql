{% set z = '1.959964' %}
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
centred as (
    select
        *,
        case
            when is_share
                then
                    (signal_value + {{ z }} * {{ z }} / (2 * sample_size))
                    / (1 + {{ z }} * {{ z }} / sample_size)
            else signal_value
        end as centre,
        case
            when is_share
                then
                    {{ z }} * sqrt(
                        signal_value * (1 - signal_value) / sample_size
                        + {{ z }} * {{ z }} / (4.0 * sample_size * sample_size)
                    )
                    / (1 + {{ z }} * {{ z }} / sample_size)
            else {{ z }} * sqrt(squared_error)
        end as half_width
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
                or centred.half_width is null
                then 'too few to say'
            when
                centred.centre - centred.half_width > valued.threshold
                then
                    case
                        when valued.is_above = (valued.meaning = 'strong')
                            then 'strong'
                        else 'weak'
                    end
            when
                centred.centre + centred.half_width < valued.threshold
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
        centred.centre - centred.half_width as lower_bound,
        centred.centre + centred.half_width as upper_bound
    from valued
    left join centred
        on
            valued.week_start_date = centred.week_start_date
            and valued.signal_name = centred.signal_name
)

select * from final
