"""Pages of one secret letter: its level, and who may know (`domain.md` 2.4)."""

from __future__ import annotations

from typing import Any, NamedTuple

from plone.uuid.interfaces import IUUID
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile

from saraban import _
from saraban.classification.clearances import is_cleared
from saraban.classification.levels import NORMAL
from saraban.classification.tables import NeedToKnow
from saraban.errors import Forbidden
from saraban.lazy import cached_property
from saraban.ledger.connection import reader
from saraban.letters.errors import TopSecretNotElectronic
from saraban.letters.kinds import SECRECIES
from saraban.organisation.acting import person_name, person_names
from saraban.organisation.allow import VIEW, may, require
from saraban.routing import classify, keepers, needtoknow, queries
from saraban.routing.browser.page import Page
from saraban.routing.way import is_sender

REASON = _("form_reason", default="Reason")


FEW = 5
"""So many units a message names."""


class HolderLine(NamedTuple):
    """A unit that holds the letter."""

    title: str
    unkept: tuple[str, ...]
    """The new levels at which nobody of its agency could keep it."""


class OnLetter(Page):
    """What both pages say of the letter."""

    section = "letters"

    @property
    def subject(self) -> str:
        """The letter that it is about."""
        return str(self.context.title or self.context.to_text or self.context.number)


class Classify(OnLetter):
    """`<letter>/@@classify`: another level, with what will happen said before."""

    index = ViewPageTemplateFile("templates/classify.pt")
    title = _("verb_classify", default="Change the level of secrecy")
    labels = {"secrecy": _("classify_to", default="New level"), "reason": REASON}

    def show(self) -> Any:
        """For who may change it."""
        require(VIEW, self.context)
        if not self.choices:
            raise Forbidden()
        return super().show()

    def handle(self) -> Any:
        """Changes it; who may not see the letter at its new level goes to the list of letters."""
        unkept = classify.classify(self.context, {"secrecy": self.text("secrecy"), "reason": self.text("reason")})
        self.say(_("said_classify", default="The level was changed. Everybody who holds the letter is told."))
        if unkept:
            names = ", ".join(self.unit_title(unit) for unit in unkept[:FEW]) + ("…" if len(unkept) > FEW else "")
            text = _(
                "said_unkept",
                default="Nobody is cleared to keep it in: ${units}. Telephone them about paper copies.",
                mapping={"units": names},
            )
            self.say(text)
        return self.go(self.context.absolute_url() if may(VIEW, self.context) else f"{self.site_url}/letters")

    @cached_property
    def choices(self) -> list[dict[str, Any]]:
        """The levels that can be chosen, and what each would mean for the person."""
        return [
            {"level": level, "title": SECRECIES[level], "blind": level != NORMAL and not is_cleared(self.person, level)}
            for level in classify.levels_for(self.context)
        ]

    @property
    def top_secret(self) -> str:
        """Why the highest level cannot be chosen (E27)."""
        return TopSecretNotElectronic.text

    @cached_property
    def holders(self) -> list[HolderLine]:
        """The units that hold it, which are told (E30): its own too where the person changes it for an agency above."""
        with reader(self.site) as session:
            rows = queries.deliveries_of(session, IUUID(self.context))
        owner = self.context.agency
        found = [] if is_sender(self.context) else [HolderLine(self.unit_title(owner), ())]
        choices = [one["level"] for one in self.choices]
        unkept = {level: {row.id for row in keepers.unkept(rows, level, owner)} for level in choices}
        for row in rows:
            if row.state not in keepers.GONE:
                levels = tuple(level for level in choices if row.id in unkept[level])
                found.append(HolderLine(self.unit_title(row.unit), levels))
        return found


class ToLetter(Page):
    """`<delivery>/@@need-to-know`, `@@classify`: the page of the letter, for a receiver who stands before the delivery."""

    def __call__(self) -> Any:
        """Leads there; the page asks who may."""
        return self.go(f"{self.url_of(self.context.row.letter_path)}/@@{self.__name__}")


class NeedToKnowPage(OnLetter):
    """`<letter>/@@need-to-know`: the persons who were let in, with the reason; letting in, and out again."""

    index = ViewPageTemplateFile("templates/needtoknow.pt")
    title = _("verb_need_to_know", default="Who may know")
    labels = {"user": _("need_person", default="Person"), "reason": REASON}

    def show(self) -> Any:
        """For the registrar of secret information."""
        needtoknow.require_registrar(self.context)
        return super().show()

    def handle(self) -> Any:
        """Lets a person in, or out."""
        data = {"user": self.text("user"), "reason": self.text("reason")}
        if self.text("verb") == "withdraw":
            needtoknow.let_out(self.context, data)
            self.say(_("said_let_out", default="“${name}” can no longer read the letter.", mapping=self._name(data["user"])))
        else:
            needtoknow.let_in(self.context, data)
            self.say(_("said_let_in", default="“${name}” can read the letter now.", mapping=self._name(data["user"])))
        return self.go(f"{self.context.absolute_url()}/@@need-to-know")

    def _name(self, user: str) -> dict[str, str]:
        return {"name": person_name(user)}

    @cached_property
    def known(self) -> list[NeedToKnow]:
        """Who was let in, the open ones first."""
        return needtoknow.known_to(self.context)

    @cached_property
    def persons(self) -> list[tuple[str, str]]:
        """Who can be let in: the cleared of the agency."""
        return list(person_names(needtoknow.candidates(self.context)).items())

    @property
    def withdrawing(self) -> str:
        """The person who is to be let out, as the page was asked for."""
        asked = self.text("withdraw") or (self.text("user") if self.text("verb") == "withdraw" else "")
        return asked if any(row.person == asked and row.withdrawn_at is None for row in self.known) else ""
