"""The statistics of the lift: `python -m steps.lift`.

`inputs` reads what dbt has counted and `compute` makes the tables of the schema lift:
first `observed`, then `adjusted`, then `robustness` and what is `pooled` from both.
A result has one name, from the array that computes it to the mart that shows it; its
type and description are in models/staging/lift, which the tables are made from.
"""
