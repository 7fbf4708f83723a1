{% macro is_publishable_group(people, conversations, most_conversations) -%}
    {{ people }} >= thresholds.min_group_people
    and {{ conversations }} >= thresholds.min_group_conversations
    and {{ most_conversations }}
    <= thresholds.max_person_share * {{ conversations }}
{%- endmacro %}
