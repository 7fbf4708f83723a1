{% macro weighted_percentile(share) -%}
    {#- As percentile_cont, if every value stood there as often as it counts:
        between the two values around the position it is interpolated. What a
        summary says is no sample: its largest of that quantile stands. -#}
    {%- set position = share ~ ' * last_position' -%}
    case
        when max(quantile) is not null
            then max(value) filter (where quantile = {{ share }})
        else
            min(value) filter (where next_position > floor({{ position }}))
            + (
                min(value) filter (where next_position > ceil({{ position }}))
                - min(value) filter (where next_position > floor({{ position }}))
            ) * (min({{ position }}) - floor(min({{ position }})))
    end
{%- endmacro %}
