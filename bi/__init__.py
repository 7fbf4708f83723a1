"""Dashboards for Superset, and what imports them into a real one: make bi-test."""
