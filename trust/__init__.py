"""How far the method may be trusted, where the truth is known: `python -m trust`."""
