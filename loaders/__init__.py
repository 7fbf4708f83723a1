"""Land the sources in the warehouse: `python -m loaders [source ...]`."""
