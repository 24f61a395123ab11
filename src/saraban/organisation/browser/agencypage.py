"""What the pages on which an agency is administered share."""

from __future__ import annotations

from typing import ClassVar

from saraban import _
from saraban.page import Page


class AgencyPage(Page):
    """A page about an agency; the browser's tab says which, for some administer several."""

    section: ClassVar[str] = "administration"

    @property
    def page_title(self) -> str:
        """The page and its agency."""
        title_in = getattr(self.context, "title_in", None)
        if title_in is None:
            return self.title
        language = "en" if self.request.get("LANGUAGE") == "en" else "th"
        mapping = {"page": self.title, "agency": title_in(language)}
        return _("title_of_agency", default="${page} – ${agency}", mapping=mapping)
