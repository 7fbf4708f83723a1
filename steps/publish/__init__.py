"""The publish step: what the last build and its tests made becomes visible to readers.

`gate` says why it must not, `contents` what of it, `generation` under which number;
`duckdb_file` and `postgres_schemas` show it, all at once, on their engine.
"""
