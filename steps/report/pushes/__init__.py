"""The page about pushes: what each did, how sure that is, and what to do next.

`data` reads the marts into the `model`: campaigns and `series`. `wording`, `checks` and
`effects` say what they mean, `table`, `plots` and `next_steps` what is shown of them.
"""
