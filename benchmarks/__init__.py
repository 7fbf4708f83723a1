"""How fast, measured side by side: `python -m benchmarks.load` or `.windows`."""
