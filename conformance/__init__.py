"""Does the loader's HogQL mean what the stand-in takes it to mean? `make conformance`.

PostHog itself cannot run here, but what it is made of can: its published grammar
(hogql-parser), and ClickHouse, in this process (chdb). So the queries that the loader
really sends are parsed by PostHog's own parser, printed as PostHog prints them for
ClickHouse (`clickhouse_sql.py`), and run over the rows of the stand-in.

* `grammar.py`: hogql-parser without PostHog around it.
* `clickhouse.py`: ClickHouse with PostHog's tables, filled from a stand-in.
* `conftest.py`: the awkward project, and a load of it that is written down.

Both packages are large and only needed here: they have a lock and a venv of their own,
and `make test` knows nothing of them.
"""
