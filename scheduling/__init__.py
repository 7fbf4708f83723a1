"""The night in Dagster: what only `make scheduling` needs, with packages of its own."""
