"""What runs after dbt: `python -m steps.lift`, `python -m steps.report`."""
