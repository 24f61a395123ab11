"""The site's own address leads to where the person's day begins."""

from __future__ import annotations

from Products.Five import BrowserView


class Front(BrowserView):
    """Staff land on their desk, who holds no post on what the rail begins with for them, and nobody on the root of a site."""

    def __call__(self) -> str:
        """To the first entry of the rail."""
        first = next(iter(self.context.restrictedTraverse("@@sb-frame").sections(self)), None)
        page = first.name if first is not None else "desk"
        self.request.response.redirect(f"{self.context.absolute_url()}/{page}")
        return ""
