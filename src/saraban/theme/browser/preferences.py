"""The choices in the frame: language, digits, acting unit."""

from __future__ import annotations

from typing import Any

from plone import api

from saraban.page import Page
from saraban.theme import preferences


class Preferences(Page):
    """Keeps a choice and goes back to where the person was. Anybody may choose a language."""

    def __call__(self) -> Any:
        """Only a POST chooses."""
        if self.request.method != "POST":
            return self.go(self.context.absolute_url())
        return super().__call__()

    def handle(self) -> str:
        """Keeps what is valid."""
        form = self.request.form
        member = None if api.user.is_anonymous() else api.user.get_current()
        preferences.remember(
            self.request,
            member,
            chosen_language=str(form.get("language", "")),
            digits=str(form.get("digits", "")),
            unit=str(form.get("unit", "")),
        )
        back = str(form.get("back", ""))
        inside = api.portal.get_tool("portal_url").isURLInPortal(back)
        return self.go(back if back and inside else self.context.absolute_url())
