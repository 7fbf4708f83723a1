"""Who does not get a push, so that its effect is known: `python -m steps.holdout`.

The `audience` is drawn from by the `lot`, the `seed` keeps who was held out, and
`sample_size` says how many people the effect that one wants to see takes.
"""
