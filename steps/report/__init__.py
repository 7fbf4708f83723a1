"""What people look at: `python -m steps.report`.

Each page is a package, `pushes` and `assistant`: what it reads of the marts, and what
it says of them. Here is what they share: the page around them (`banner`, `quality`,
`templating`, `templates/base.html.j2`, `templates/page.css`), `charts` and `formats`.
`files` writes everything, the `workbook` too.
"""
