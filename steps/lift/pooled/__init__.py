"""Many campaigns together: averages, shrinkage, correlations."""
