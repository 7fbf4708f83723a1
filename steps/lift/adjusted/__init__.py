"""Adjusted lift: recipients compared with people who got no push, and the verdict."""
