"""How often the method is wrong where the truth is known: `python -m calibration`.

`simulation` draws `worlds` by `scenarios` and puts what the `method` says of them
beside the `truth`; `pseudo_pushes` takes the people of this warehouse at dates without
a push.
"""
