{% macro zone_time(instant, zone='UTC') -%}
    {#- What the clocks of a zone show then: a time without a zone. -#}
    {%- if target.type == 'spark' -%}
        from_utc_timestamp({{ instant }}, '{{ zone }}')
    {%- else -%}
        ({{ instant }}) at time zone '{{ zone }}'
    {%- endif -%}
{%- endmacro %}


{% macro instant_of(zone_time, zone='UTC') -%}
    {#- When the clocks of a zone show a time. -#}
    {%- if target.type == 'spark' -%}
        to_utc_timestamp({{ zone_time }}, '{{ zone }}')
    {%- else -%}
        ({{ zone_time }}) at time zone '{{ zone }}'
    {%- endif -%}
{%- endmacro %}


{% macro epoch_us(instant) -%}
    {#- Microseconds since 1970: DuckDB compares and subtracts integers many
        times as fast as times with a zone. -#}
    {%- if target.type == 'spark' -%}
        unix_micros({{ instant }})
    {%- elif target.type == 'duckdb' -%}
        epoch_us({{ instant }})
    {%- else -%}
        cast(extract(epoch from {{ instant }}) * 1000000 as bigint)
    {%- endif -%}
{%- endmacro %}


{% macro epoch_seconds(instant) -%}
    {#- Whole seconds since 1970. -#}
    cast(floor({{ epoch_us(instant) }} / 1000000.0) as bigint)
{%- endmacro %}


{% macro seconds_between(start, end) -%}
    {#- With their fraction. Between times of one zone, or between instants. -#}
    {%- if target.type in ('duckdb', 'spark') -%}
        cast({{ epoch_us(end) }} - {{ epoch_us(start) }} as double) / 1000000
    {%- else -%}
        cast(extract(epoch from ({{ end }}) - ({{ start }})) as double precision)
    {%- endif -%}
{%- endmacro %}


{% macro days_between(start, end) -%}
    {#- Of two dates. -#}
    {%- if target.type == 'spark' -%}
        datediff({{ end }}, {{ start }})
    {%- else -%}
        (({{ end }}) - ({{ start }}))
    {%- endif -%}
{%- endmacro %}


{% macro iso_weekday(time) -%}
    {#- 1 for Monday to 7 for Sunday, of a date or a time without a zone. -#}
    {%- set field = 'dayofweek_iso' if target.type == 'spark' else 'isodow' -%}
    cast(extract({{ field }} from {{ time }}) as bigint)
{%- endmacro %}
