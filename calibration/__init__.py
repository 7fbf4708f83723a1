"""How often the method is wrong where the truth is known: `python -m calibration`.

`simulation` draws `worlds` by `scenarios`, `pseudo_pushes` takes the people of this
warehouse at dates without a push; both run the `method`, and `tally` compares.
"""
