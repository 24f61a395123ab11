"""REST services about the installation itself."""
