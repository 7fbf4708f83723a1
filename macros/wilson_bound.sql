{% macro wilson_bound(share, inverse_size, sign) -%}
    {#- 1.959964 is the normal quantile of 95 %. -#}
    (
        {{ share }} + 1.959964 * 1.959964 * {{ inverse_size }} / 2
        {{ sign }} 1.959964 * sqrt(
            {{ share }} * (1 - {{ share }}) * {{ inverse_size }}
            + 1.959964 * 1.959964 * {{ inverse_size }} * {{ inverse_size }} / 4
        )
    ) / (1 + 1.959964 * 1.959964 * {{ inverse_size }})
{%- endmacro %}
