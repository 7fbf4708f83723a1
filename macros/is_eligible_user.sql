{% macro is_eligible_user(users) -%}
    not ({{ users }}.is_test_account or {{ users }}.is_deleted)
{%- endmacro %}
