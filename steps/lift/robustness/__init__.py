"""How firm a lift is, by other ways to compute it.

`outliers` are found first, `matched_window` and `baseline_stability` look at the weeks
before, and `lift_robustness` makes the table of all.
"""
