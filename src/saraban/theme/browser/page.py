"""The base of our pages, by the name under which the frame's own pages know it."""

from saraban.page import IOwnTokens, Page

__all__ = ["IOwnTokens", "Page"]
