{% macro dataset_split(key) -%}
    {#- 8 hex digits: the thresholds stand at 80 and 90 percent of their range. -#}
    case
        when substr(md5({{ key }} || ':split'), 1, 8) < 'cccccccd'
            then 'train'
        when substr(md5({{ key }} || ':split'), 1, 8) < 'e6666667'
            then 'validation'
        else 'test'
    end
{%- endmacro %}
