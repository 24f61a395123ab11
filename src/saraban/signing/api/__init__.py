"""REST services of the chain of approval."""
