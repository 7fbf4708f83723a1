select
    score,
    sum(weight) as weight
from {{ ref('quality_checks') }}
where weight is not null
group by score
having abs(sum(weight) - 1) > 0.000000001
