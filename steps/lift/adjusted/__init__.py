"""Adjusted lift: recipients compared with people who got no push, and the verdict.

`matched_cells` are read as `cells`, whose `covariates` say what is known before the
push; a `comparison` weighs controls by them, `designs` chooses the best that `balance`,
`holdout` and `placebo_dates` allow, and `adjusted_lift` makes the tables.
"""
