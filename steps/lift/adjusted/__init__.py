"""Adjusted lift: recipients compared with people who got no push, and the verdict.

`matched_cells` are grouped into `strata`, `designs` chooses the best comparison that
`balance`, `holdout` and `placebo_dates` allow, and `adjusted_lift` makes the table.
"""
