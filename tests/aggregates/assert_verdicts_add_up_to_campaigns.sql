-- a verdict that the layer summary does not know would vanish from it
select scope, layer_id, metric, estimate, campaigns
from {{ ref('agg_push_layer_summary') }}
where
    campaigns
    <> significant_up_campaigns + significant_down_campaigns
    + inconclusive_campaigns + underpowered_campaigns
    + descriptive_only_campaigns + invalid_srm_campaigns + incomplete_campaigns
    + too_few_events_campaigns + degenerate_campaigns + not_computed_campaigns
    + not_tracked_campaigns
