"""What our pages share: the title, the token of their forms, and how a refusal becomes words at the field.

On the ground floor, for every room has pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import transaction
from plone.protect.authenticator import check as check_token
from Products.Five import BrowserView
from Products.statusmessages.interfaces import IStatusMessage
from zope.event import notify
from zope.interface import Interface, implementer
from ZPublisher.HTTPRequest import FileUpload

from saraban import _
from saraban.errors import TEXT, DomainError, Invalid

ONCE = _("error_field_once", default="This can be said once only.")
FILE = _("error_field_file", default="This must be a file.")


@dataclass(frozen=True)
class Refused:
    """A page shows a refusal: an event for whoever keeps a trail of refusals."""

    request: Any
    refusal: DomainError


class IOwnTokens(Interface):
    """A page that writes the token into its own forms, and checks it when one is sent."""


@implementer(IOwnTokens)
class Page(BrowserView):
    """A page of ours.

    A subclass gives `title` (a message; also what the browser's tab says), `section` (the entry of the rail that is
    lit), its template as `index`, and `handle()` for what is posted. `handle` calls the operation and answers with
    `self.go(address)`; a `DomainError` that it raises shows the page again with `problem` and `errors` set and the
    right status. Posted values are in `self.request.form`, so that nothing typed is lost.
    """

    title: str = ""
    section: ClassVar[str] = ""
    needs_plone_resources: ClassVar[bool] = False
    several: ClassVar[tuple[str, ...]] = ()
    """Fields of the form that may be there more than once."""
    uploads: ClassVar[tuple[str, ...]] = ()
    """Fields of the form that take files, one or several."""
    index: Any

    def __init__(self, context: Any, request: Any) -> None:
        super().__init__(context, request)
        self.problem: str = ""
        self.errors: dict[str, str] = {}

    def __call__(self) -> Any:
        """Acts on what was posted, else shows the page."""
        if self.request.method == "POST":
            try:
                self.check_form()
                answer = self.handle()
            except DomainError as refusal:
                self.refuse(refusal)
            else:
                if answer is not None:
                    return answer
        return self.show()

    def check_form(self) -> None:
        """What was posted is a form of ours, and every field is of its kind, so that nothing is done with half of it.

        Raises Forbidden (Zope's), Invalid.
        """
        check_token(self.request)
        wrong = {name: reason for name, value in self.request.form.items() if (reason := self._misfit(name, value))}
        if wrong:
            for name in wrong:
                del self.request.form[name]  # the page shows the form again, and reads it as it always does
            raise Invalid(fields=wrong)

    def _misfit(self, name: str, value: Any) -> str:
        """What is wrong with the kind of a field; empty for nothing."""
        values = value if isinstance(value, (list, tuple)) else [value]
        if name in self.uploads:
            return "" if all(isinstance(one, FileUpload) or not one for one in values) else FILE
        if any(isinstance(one, FileUpload) for one in values):
            return TEXT
        return ONCE if values is value and name not in self.several else ""

    def show(self) -> Any:
        """The page itself."""
        return self.index()

    def handle(self) -> Any:
        """What a POST does; None shows the page."""
        return None

    def refuse(self, refusal: DomainError) -> None:
        """Nothing half done: what the request wrote is given up, and the page says why."""
        transaction.abort()
        transaction.begin()
        self.problem = refusal.message
        self.errors = dict(refusal.fields)
        self.request.response.setStatus(refusal.status)
        notify(Refused(self.request, refusal))

    def go(self, address: str) -> str:
        """After an act: another page, by GET, so that a reload does not act again."""
        self.request.response.redirect(address, status=303)
        return ""

    def say(self, message: str, kind: str = "info") -> None:
        """A message for the next page: `info`, `warning` or `error`."""
        IStatusMessage(self.request).add(message, type=kind)

    def value(self, name: str, default: Any = "") -> Any:
        """What was typed in a field, or what stands there at first."""
        return self.request.form.get(name, default)
