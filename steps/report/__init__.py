"""What the report shows, and how: `python -m steps.report`.

`data` reads the marts into the `model`, `wording` and `checks` say what they mean, and
`files` writes them as a page (`templating`, `plots`, `charts`) and a `workbook`.
"""
