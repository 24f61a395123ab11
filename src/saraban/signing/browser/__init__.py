"""Pages of the chain of approval."""
