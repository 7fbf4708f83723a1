"""Land the sources in the warehouse: `python -m loaders [source ...]`.

A module per source opens it, `load` reads its tables by `contract.yml`, `pipeline`
lands what is new or changed, and the `ledger` says what came.
"""

import warehouse  # noqa: F401 - before DuckDB, for what its memory holds
