"""Servers that behave like the real service and are as strict as it.

Each is a folder: `posthog` answers queries, exports and captures from a store in
DuckDB; `python -m stand_ins.posthog` serves it alone.
"""
