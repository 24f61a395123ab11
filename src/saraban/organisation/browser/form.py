"""What the pages of the chart share: a token, posted values that are not lost, refusals at their fields."""

from __future__ import annotations

from datetime import date
from typing import Any

import transaction
from plone.protect.authenticator import check as check_token
from Products.Five.browser import BrowserView
from Products.statusmessages.interfaces import IStatusMessage
from zope.i18n import translate

from saraban import _
from saraban.errors import DomainError, Invalid
from saraban.organisation.refusals import keep_in_form
from saraban.thai import dates


class FormPage(BrowserView):
    """A page with forms. A subclass gives `index` and `handle()`, which does what was posted and says it."""

    def __init__(self, context: Any, request: Any) -> None:
        super().__init__(context, request)
        self.problem: str = ""
        self.errors: dict[str, str] = {}

    def __call__(self) -> Any:
        """Acts on what was posted, then shows the page by GET; a refusal shows it at once, with what was typed."""
        if self.request.method == "POST":
            check_token(self.request)
            try:
                said = self.handle()
            except DomainError as refusal:
                keep_in_form(self.request, refusal)
                transaction.abort()
                self.problem = refusal.message
                self.errors = dict(refusal.fields)
                self.request.response.setStatus(refusal.status)
            else:
                IStatusMessage(self.request).add(translate(said, context=self.request), type="info")
                self.request.response.redirect(self.address(), status=303)
                return ""
        return self.index()

    def handle(self) -> str:
        """Does what was posted; answers what to say. Raises DomainError."""
        raise NotImplementedError

    def address(self) -> str:
        """The page's own address."""
        return f"{self.context.absolute_url()}/@@{self.__name__}"

    def value(self, name: str, default: str = "") -> str:
        """What was typed in a field, or what stands there at first."""
        return str(self.request.form.get(name, default) or "").strip()

    def day(self, name: str) -> date | None:
        """A date as people type it, in either era; None where nothing was typed."""
        typed = self.value(name)
        if not typed:
            return None
        try:
            return dates.parse(typed)
        except ValueError:
            reason = _("error_date_typed", default="This is no date. Write for instance 9 Apr 2021 or 9/4/2564.")
            raise Invalid(fields={name: reason}) from None

    def number(self, name: str) -> int:
        """The number in a hidden field."""
        typed = self.value(name)
        if not typed.isdecimal() or len(typed) > 18:
            raise Invalid(fields={name: _("error_appointment_id", default="The id of an appointment is asked for.")})
        return int(typed)

    def shown(self, value: date | None) -> str:
        """A date in the person's language."""
        if value is None:
            return ""
        return dates.english(value) if self.language().startswith("en") else dates.short(value)

    def language(self) -> str:
        """The language of the page."""
        return str(self.request.get("LANGUAGE") or "th")
