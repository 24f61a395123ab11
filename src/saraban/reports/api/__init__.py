"""REST service of reports."""
