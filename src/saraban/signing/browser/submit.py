"""`<letter>/@@submit`: who approves the draft, and who signs it (เสนอลงนาม)."""

from __future__ import annotations

from typing import Any, ClassVar

from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile

from saraban import _
from saraban.classification.operations import cleared_in
from saraban.lazy import cached_property
from saraban.ledger import clock
from saraban.ledger.connection import reader
from saraban.letters.browser.choices import signatories
from saraban.letters.operations import require_draft
from saraban.organisation import chart
from saraban.organisation.acting import person_names
from saraban.routing.browser import lists
from saraban.routing.browser.page import Page
from saraban.signing import operations

ROWS = {"signers": 3, "approvers": 4}
"""So many persons can be chosen on the page in each list."""


class Submit(Page):
    """The form; a POST submits the draft."""

    index = ViewPageTemplateFile("templates/submit.pt")
    section = "letters"
    title = _("verb_submit", default="Submit for signature")
    several: ClassVar[tuple[str, ...]] = ("signers", "approvers")
    labels = {
        "signers": _("form_signers", default="Who signs"),
        "approvers": _("form_approvers", default="Who approves before that"),
    }
    CHOOSE = _("choose_person", default="Choose a person")

    def show(self) -> Any:
        """For who may change the draft."""
        require_draft(self.context)
        return super().show()

    def handle(self) -> Any:
        """Submits it."""
        operations.submit(self.context, {name: self.texts(name) for name in ROWS})
        self.say(_("said_submit", default="Submitted. It cannot be changed as long as it waits for a signature."))
        return self.go(self.context.absolute_url())

    @property
    def subject(self) -> str:
        """The letter that it is about."""
        return str(self.context.title or self.context.to_text or "")

    @cached_property
    def cleared(self) -> frozenset[str] | None:
        """Who of the agency is cleared for the letter; None where everybody may read it."""
        if not self.context.is_secret:
            return None
        return frozenset(cleared_in(self.context.agency, self.context.secrecy))

    def signers(self) -> list[dict[str, Any]]:
        """The heads of the agency, as one group."""
        heads = signatories(self.context.agency, self.language)
        people = [{"id": person, "title": title} for person, title in heads if self.cleared is None or person in self.cleared]
        return [{"title": "", "people": people}]

    def approvers(self) -> list[dict[str, Any]]:
        """The agency's people by unit, those of the letter's unit first."""
        with reader(self.site) as session:
            found = lists.colleagues(session, self.context.agency, clock.today(), self.language)
        found = [one for one in found if self.cleared is None or one.person in self.cleared]
        names = person_names(one.person for one in found)
        chart.units({one.unit for one in found})  # all names in one question
        groups: dict[str, list[dict[str, str]]] = {self.context.owner_unit: []}
        for one in found:
            groups.setdefault(one.unit, []).append({"id": one.person, "title": f"{names[one.person]} – {one.post}"})
        return [{"title": self.unit_title(unit), "people": people} for unit, people in groups.items() if people]

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The choices of a list, one below the other; the first signer is who the letter says."""
        chosen = self.texts(name)
        if name == "signers" and not chosen and self.request.method == "GET" and self.context.signatory:
            chosen = [self.context.signatory]
        return [
            {"number": at + 1, "chosen": chosen[at] if at < len(chosen) else "", "id": f"{name}-{at + 1}"}
            for at in range(ROWS[name])
        ]
