with

segments as (
    select
        metric_date,
        'signups' as measure,
        user_type,
        signups as number_of
    from {{ ref('agg_daily_metrics') }}
    union all
    select
        metric_date,
        'total_users' as measure,
        user_type,
        total_users as number_of
    from {{ ref('agg_daily_metrics') }}
    union all
    select
        metric_date,
        'dau' as measure,
        user_type,
        dau as number_of
    from {{ ref('agg_daily_metrics') }}
    union all
    select
        metric_date,
        'wau' as measure,
        user_type,
        wau as number_of
    from {{ ref('agg_daily_metrics') }}
    union all
    select
        metric_date,
        'mau' as measure,
        user_type,
        mau as number_of
    from {{ ref('agg_daily_metrics') }}
    union all
    select
        metric_date,
        activity_type as measure,
        user_type,
        actor_count as number_of
    from {{ ref('agg_daily_activity') }}
)

select
    metric_date,
    measure,
    sum(number_of) filter (where user_type = 'all') as of_all,
    sum(number_of) filter (where user_type <> 'all') as of_segments
from segments
group by metric_date, measure
having
    sum(number_of) filter (where user_type = 'all')
    is distinct from sum(number_of) filter (where user_type <> 'all')
