{% macro month_start(text) -%}
    {#- Checked first, so that a text that is no month is null, no error. -#}
    case
        when
            translate(replace({{ text }}, ' ', ''), '0123456789', '') = '-'
            and length(replace({{ text }}, ' ', '')) between 6 and 7
            and length(split_part(replace({{ text }}, ' ', ''), '-', 2)) = 4
            and split_part(replace({{ text }}, ' ', ''), '-', 2)
            between '1900' and '2100'
            and lpad(split_part(replace({{ text }}, ' ', ''), '-', 1), 2, '0')
            between '01' and '12'
            then cast(
                split_part(replace({{ text }}, ' ', ''), '-', 2)
                || '-'
                || lpad(split_part(replace({{ text }}, ' ', ''), '-', 1), 2, '0')
                || '-01' as date
            )
    end
{%- endmacro %}
