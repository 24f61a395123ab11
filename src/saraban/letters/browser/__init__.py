"""Pages on which letters are written, and the official layout of a letter."""
