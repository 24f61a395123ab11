"""Pages of clearances."""
