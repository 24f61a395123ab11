"""What staff see: the frame of every page, its parts, and the pages of the house."""
