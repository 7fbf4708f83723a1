"""The statistics of the lift: `python -m steps.lift`.

`inputs` reads what dbt has counted and `compute` makes the tables of the schema lift:
first `observed`, then `adjusted`, then `robustness` and what is `pooled` from both.
"""
