"""Reports for executives and registries: how much came, how long each step took, what is left lying (L7, B8)."""
