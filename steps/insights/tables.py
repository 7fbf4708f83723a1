"""The tables of the schema insights, which a build makes."""

TABLES = ("calls", "facets", "facet_items", "themes", "theme_notes", "evaluations")
