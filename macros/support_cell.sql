{% macro support_cell(rates, medians) -%}
    case
        when {{ rates }}.activity_class = -1 then -1
        when {{ rates }}.baseline_rate = 0 then {{ rates }}.activity_class
        when {{ rates }}.baseline_rate < {{ medians }}.median_rate
            then {{ rates }}.activity_class + 15
        else {{ rates }}.activity_class + 30
    end
{%- endmacro %}
