"""Observed lift: recipients compared with their own past.

`moments` come from the sums and `lift_cells` from the histogram that dbt has counted;
`campaign_lift` makes the table of both.
"""
