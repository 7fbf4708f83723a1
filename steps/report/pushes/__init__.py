"""The page about pushes: what each did, how sure that is, and what to do next.

`data` reads the marts into the `model`, `wording`, `series` and `checks` say what they
mean, `plots` says what is drawn.
"""
