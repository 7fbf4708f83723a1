{% macro wilson_bound(share, inverse_size, sign) -%}
    {#-
    1.959964 is the normal quantile of 95 %. The upper bound is what the lower one of the
    rest leaves; in this form neither is rounded out of 0 to 1. Of all there are, the
    share is known.
    -#}
    {%- set side = share if sign == '-' else '(1 - ' ~ share ~ ')' -%}
    case
        when {{ inverse_size }} <= 0 then {{ share }}
        when {{ side }} <= 0 then {{ '1' if sign == '+' else '0' }}
        else
            {{ '1 - ' if sign == '+' }}{{ side }} * {{ side }} / (
                {{ side }} + 1.959964 * 1.959964 * {{ inverse_size }} / 2
                + 1.959964 * sqrt(
                    {{ share }} * (1 - {{ share }}) * {{ inverse_size }}
                    + 1.959964 * 1.959964 * {{ inverse_size }} * {{ inverse_size }} / 4
                )
            )
    end
{%- endmacro %}
