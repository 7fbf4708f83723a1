with

rows_of_users as (
    select user_key, split from {{ ref('ai_activation') }}
    union all
    select user_key, split from {{ ref('ai_engagement') }}
    union all
    select user_key, split from {{ ref('ai_churn') }}
    union all
    select user_key, split from {{ ref('ai_push_response') }}
    union all
    select user_key, split from {{ ref('ai_return') }}
)

select
    user_key,
    count(distinct split) as splits
from rows_of_users
group by user_key
having count(distinct split) > 1
