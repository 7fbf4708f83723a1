"""How fast, measured side by side: `make bench`, or one of them by `python -m`."""
