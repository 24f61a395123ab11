"""The chain of approval on a letter's page: who has approved and signed, whose turn it is, and who comes after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from plone.uuid.interfaces import IUUID
from Products.Five import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zope.interface import implementer

from saraban import _
from saraban.ledger.connection import reader
from saraban.organisation.acting import person_names
from saraban.routing.browser.letter import ILetterPanel
from saraban.routing.way import is_sender
from saraban.signing.queries import last_chain
from saraban.signing.signatures import signatures_of
from saraban.signing.tables import APPROVER, DONE, SIGNER, STANDING, TURN, SigningTurn

PARTS = {
    (APPROVER, DONE): _("part_approved", default="Approved"),
    (SIGNER, DONE): _("part_signed", default="Signed"),
    (APPROVER, TURN): _("part_to_approve", default="To approve now"),
    (SIGNER, TURN): _("part_to_sign", default="To sign now"),
}
NEXT = _("part_later", default="Later")


@dataclass(frozen=True)
class Part:
    """A line of the panel."""

    turn: SigningTurn
    name: str
    post: str
    state: str
    chip: str
    problems: list[str]


@implementer(ILetterPanel)
class ChainPanel(BrowserView):
    """For its own agency the whole chain; for others who signed."""

    index = ViewPageTemplateFile("templates/chain.pt")
    parts: list[Part]

    def __init__(self, context: Any, request: Any, page: Any) -> None:
        super().__init__(context, request)
        self.page = page

    def render(self) -> str:
        """Empty for a letter that nobody was asked to sign, or that was sent back."""
        if self.context.received:
            return ""
        with reader(self.context) as session:
            chain = last_chain(session, IUUID(self.context))
            if chain is None or chain.row.state not in STANDING:
                return ""
            given = {one.turn.id: one for one in signatures_of(session, self.context)}
        shown = [turn for turn in chain.turns if turn.id in given or is_sender(self.context)]
        names = person_names(turn.person for turn in shown)
        self.parts = [
            Part(
                turn,
                turn.person_name or names[turn.person],
                turn.post,
                PARTS.get((turn.role, turn.state), NEXT),
                {DONE: "act", TURN: "soon"}.get(turn.state, ""),
                given[turn.id].problems if turn.id in given else [],
            )
            for turn in shown
        ]
        return str(self.index()) if self.parts else ""
