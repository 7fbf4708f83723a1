"""How a table is read in pieces that are proved complete.

`table_queries` and `planner` count and cut a table into slices, `fetch` gets one and
compares it with its count, `landing` writes its rows and marks it in the `ledger`.
"""
