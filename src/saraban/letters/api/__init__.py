"""REST services of letters."""
