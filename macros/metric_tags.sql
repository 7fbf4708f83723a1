{% macro metric_tags(tags) -%}
    {#- As Python's json.dumps writes them, with the keys sorted. -#}
    '{' {%- for name, expression in tags | dictsort %}
    || '"{{ name }}": "' || {{ expression }} || '"{{ ", " if not loop.last }}'
    {%- endfor %} || '}'
{%- endmacro %}
