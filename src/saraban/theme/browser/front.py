"""The site's own address leads to the desk."""

from __future__ import annotations

from Products.Five import BrowserView


class Front(BrowserView):
    """Staff land on their desk, not on the root of a site."""

    def __call__(self) -> str:
        """To the desk."""
        self.request.response.redirect(f"{self.context.absolute_url()}/desk")
        return ""
