-- a draw finds its campaign by title and day: mistyped, it would prove nothing
select holdouts.send_date, count(*) as held_out
from {{ ref('push_holdouts') }} as holdouts
cross join {{ ref('int_as_of') }} as as_of
left join {{ ref('dim_campaigns') }} as campaigns
    on
        holdouts.push_title = campaigns.title
        and holdouts.send_date
        = cast({{ zone_time('campaigns.sent_at') }} as date)
where
    campaigns.campaign_key is null
    and holdouts.send_date
    < cast({{ zone_time('as_of.tracked_until_at') }} as date)
group by holdouts.push_title, holdouts.send_date
