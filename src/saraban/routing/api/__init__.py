"""REST services of the way of a letter."""
