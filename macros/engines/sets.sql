{% macro integers(first, last, name) -%}
    {#- A row for each whole number, the last one too, in parentheses. -#}
    {%- if target.type == 'spark' -%}
        (select explode(sequence({{ first }}, {{ last }})) as {{ name }})
    {%- else -%}
        (
            select cast(number as integer) as {{ name }}
            from generate_series({{ first }}, {{ last }}) as numbers (number)
        )
    {%- endif -%}
{%- endmacro %}


{% macro joined_text(text, separator, order_by=none) -%}
    {#- Of all rows, by default in their own order. -#}
    {%- if target.type == 'spark' -%}
        listagg({{ text }}, '{{ separator }}')
        within group (order by {{ order_by or text.removeprefix('distinct ') }})
    {%- else -%}
        string_agg(
            {{ text }}, '{{ separator }}'
            order by {{ order_by or text.removeprefix('distinct ') }}
        )
    {%- endif -%}
{%- endmacro %}


{% macro ordered_sum(number, order_by) -%}
    {#- A sum of doubles depends on their order; Spark takes one of lists. -#}
    {%- if target.type == 'spark' -%}
        aggregate(
            array_sort(
                collect_list(struct({{ order_by }}, {{ number }} as number))
            ),
            cast(0 as double),
            (total, entry) -> total + entry.number
        )
    {%- else -%}
        sum({{ number }} order by {{ order_by }})
    {%- endif -%}
{%- endmacro %}


{% macro byte_order(text) -%}
    {#- As a key to sort by: the same on every engine, whatever its locale. -#}
    {{ text }}{{ ' collate "C"' if target.type == 'postgres' }}
{%- endmacro %}


{% macro hash_sum(text) -%}
    {#- Of all rows, whatever their order: a text that another row changes. -#}
    {%- set sums = [] -%}
    {%- for first in (1, 9, 17, 25) -%}
        {%- do sums.append(
            'cast(sum(' ~ hex_number('substr(md5(' ~ text ~ '), ' ~ first ~ ', 8)')
            ~ ') as ' ~ type_text() ~ ')'
        ) -%}
    {%- endfor -%}
    {{ sums | join(" || ' ' || ") }}
{%- endmacro %}


{% macro hex_number(digits) -%}
    {#- At most 15 digits. -#}
    {%- if target.type == 'spark' -%}
        cast(conv({{ digits }}, 16, 10) as bigint)
    {%- elif target.type == 'duckdb' -%}
        cast('0x' || {{ digits }} as bigint)
    {%- else -%}
        cast(cast('x' || lpad({{ digits }}, 16, '0') as bit(64)) as bigint)
    {%- endif -%}
{%- endmacro %}
