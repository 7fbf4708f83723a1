"""Observed lift: recipients compared with their own past."""
