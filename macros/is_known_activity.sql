{% macro is_known_activity(activity, as_of) -%}
    {{ activity }}.occurred_at <= {{ as_of }}.as_of
    and (
        {{ activity }}.voided_at is null
        or {{ activity }}.voided_at > {{ as_of }}.as_of
    )
{%- endmacro %}
