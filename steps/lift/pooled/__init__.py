"""Many campaigns together, once each has its lift.

`series_lift` averages the sends of one push. `estimates` are those that may be pooled,
`pooled_lift` averages them by layer and shrinks them, `metric_correlation` says which
metrics move together.
"""
