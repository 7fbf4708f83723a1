"""What runs after dbt, each on its own: `python -m steps.lift`, then `steps.report`.

`lift` computes the statistics, `report` shows them, `export` writes training data and
`writeback` sends results to PostHog; `parameters` are those of the push method.
"""

import warehouse  # noqa: F401 - before DuckDB, for what its memory holds
