"""`<letter>/@@correct`, the form of a correction after dispatch, and `<letter>/@@versions`, what the letter said before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from plone.uuid.interfaces import IUUID

from saraban import _
from saraban.errors import Invalid
from saraban.lazy import cached_property
from saraban.ledger.connection import reader
from saraban.letters.browser.compose import Edit
from saraban.letters.browser.form import LABELS, as_lines, refuse_file, uploads_of
from saraban.letters.browser.layout import paper_of
from saraban.letters.errors import FileTooLarge, UnsupportedFile
from saraban.page import Page
from saraban.routing import corrections, queries
from saraban.routing.corrections import FIELDS, Version, plain
from saraban.routing.secrecy import require_sender
from saraban.routing.tables import GONE

LINES = ("title", "salutation", "to_text", "closing", "contact")
"""What is short enough to be read side by side."""


@dataclass(frozen=True)
class Change:
    """A field that a correction changed; of a line what stood there before and after."""

    label: str
    before: str = ""
    after: str = ""


class Correct(Edit):
    """Only the texts, the tables and the files, and why."""

    labels = {**LABELS, "reason": _("form_reason", default="Reason"), "remove": LABELS["files"]}
    section: ClassVar[str] = "letters"

    @property
    def title(self) -> str:  # type: ignore[override]
        """Which letter."""
        subject = self.context.title or self.context.to_text
        return _("correct_title", default="Correct: ${subject}", mapping={"subject": subject})

    @property
    def address(self) -> str:
        """Where the form is sent."""
        return f"{self.context.absolute_url()}/@@correct"

    def __call__(self) -> Any:
        """The form, or the correction."""
        return Page.__call__(self)

    def show(self) -> Any:
        """For who may send it."""
        require_sender(self.context)
        return self.index()

    def handle(self) -> Any:
        """The next version."""
        typed = self.typed()
        wrong = {name: reason for name, reason in typed.errors.items() if name in FIELDS}
        if wrong:
            raise Invalid(fields=wrong)
        data = {name: value for name, value in typed.data.items() if name in FIELDS}
        if "body" in data and data["body"] == self.first_body:
            data.pop("body")  # HTML that was shown as lines and not touched stays HTML
        reason, removed = self.request.form.get("reason", ""), self.request.form.get("remove") or []
        removed = [removed] if isinstance(removed, str) else removed
        try:
            corrections.correct(self.context, {**data, "reason": reason}, uploads_of(self.request.form), removed)
        except (UnsupportedFile, FileTooLarge) as refusal:
            raise refuse_file(refusal) from refusal
        self.say(_("said_correct", default="Corrected. All who hold the letter are told."))
        return self.go(self.context.absolute_url())

    @cached_property
    def holders(self) -> int:
        """How many units hold the letter, and will see the correction."""
        with reader(self.context) as session:
            rows = queries.deliveries_of(session, IUUID(self.context))
        return len({row.unit for row in rows if row.state not in GONE})

    @property
    def first_body(self) -> str:
        """The body as the form showed it."""
        return as_lines(self.context.body or "")


class VersionsPage(Page):
    """Each version that was corrected, on its paper, with when, by whom and why."""

    section: ClassVar[str] = "letters"

    @property
    def title(self) -> str:  # type: ignore[override]
        """Which letter."""
        subject = self.context.title or self.context.to_text
        return _("versions_title", default="Earlier versions: ${subject}", mapping={"subject": subject})

    @cached_property
    def versions(self) -> list[Version]:
        """The latest first."""
        return corrections.versions(self.context)[::-1]

    def changes(self, version: Version) -> list[Change]:
        """What the correction that ended a version changed."""
        after = next((one.values for one in self.versions if one.number == version.number + 1), None)
        present = after if after is not None else {name: getattr(self.context, name) for name in FIELDS}
        changed = [name for name in FIELDS if plain(version.values[name]) != plain(present[name])]
        return [
            Change(LABELS[name], version.values[name] or "–", present[name] or "–") if name in LINES else Change(LABELS[name])
            for name in changed
        ]

    def paper(self, version: Version) -> Any:
        """The letter as it was."""
        names = ("kind", "urgency", "secrecy", "owner_unit", "signatory", "number", "letter_date")
        return paper_of({**{name: getattr(self.context, name) for name in names}, **version.values})
