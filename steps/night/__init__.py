"""The night: load, build, test, publish, report and export with one command.

`stages` are what it runs, `night` runs them and says what stops what, `journal` is the
table that remembers them, `resume` says where a night goes on that was cut off, and
`summary` tells what became of it.
"""
