"""REST services of clearances."""
