{% test passes_checks(model, check_severity) %}
select
    check_name || ' of ' || component || ' is '
    || cast(cast(value_share as numeric(18, 4)) as {{ type_text() }})
    || coalesce(' (' || numerator || ' of ' || denominator || ')', '')
    || ', not ' || replace(passes_when, '_', ' ') || ' '
    || cast(cast(threshold as numeric(18, 4)) as {{ type_text() }})
    || coalesce(
        ': known until '
        || cast(
            date_trunc('minute', {{ zone_time('known_until_at') }})
            as {{ type_text() }}
        )
        || ' UTC', ''
    )
    || '. ' || recommendation as finding
from {{ model }}
where not is_passed and severity = '{{ check_severity }}'
order by finding
{% endtest %}
