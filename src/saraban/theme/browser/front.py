"""The site's own address leads to where the person's day begins."""

from __future__ import annotations

from Products.Five import BrowserView


class Front(BrowserView):
    """Staff land on their desk, who reads the audit trail and holds no post there, and nobody on the root of a site."""

    def __call__(self) -> str:
        """To the desk, or to the audit trail."""
        frame = self.context.restrictedTraverse("@@sb-frame")
        page = "audit" if frame.reads_audit and not frame.acting else "desk"
        self.request.response.redirect(f"{self.context.absolute_url()}/{page}")
        return ""
