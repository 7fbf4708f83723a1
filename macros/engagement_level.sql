{% macro engagement_level(score, action_count, parameters) -%}
    case
        when {{ score }} >= {{ parameters }}.power_score then 'power'
        when {{ score }} >= {{ parameters }}.active_score then 'active'
        when {{ score }} > 0 then 'casual'
        when {{ action_count }} > 0 then 'lurker'
        else 'inactive'
    end
{%- endmacro %}
