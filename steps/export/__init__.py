"""What leaves for the training of models: `python -m steps.export`.

After the `gate` each dataset of the `catalogue` is a `release`: its `rows` become
`files` of a `version`, with `documents` that describe them, in one of the `folders`.
"""
