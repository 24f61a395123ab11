"""REST services of circulars."""
