"""Views of the frame."""
