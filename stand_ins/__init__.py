"""Servers that behave like the real service and are as strict as it."""
