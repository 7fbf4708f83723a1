{% macro is_plausible_event(event, parameters) -%}
    {{ event }}.distinct_id_hash is not null
    and {{ event }}.occurred_at
    <= {{ event }}.received_at
    + {{ parameters }}.max_event_lead_hours * interval '1 hour'
    and {{ event }}.occurred_at
    >= {{ event }}.received_at
    - {{ parameters }}.max_event_lateness_hours * interval '1 hour'
{%- endmacro %}
