"""How firm a lift is: outliers, matched windows, the weeks before."""
