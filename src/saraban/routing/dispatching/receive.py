"""`/receive`: a registrar enters a letter that came on paper, by post, messenger or e-mail, and gets its receive number."""

from __future__ import annotations

import json
from typing import Any, ClassVar
from urllib.parse import urlencode

from sqlalchemy import select
from zope.component.hooks import getSite

from saraban import _
from saraban.classification.levels import LEVELS, NORMAL
from saraban.errors import REQUIRED, Forbidden, Invalid
from saraban.lazy import cached_property
from saraban.ledger.connection import reader
from saraban.letters import fields
from saraban.letters.browser.choices import agency_object, own_units
from saraban.letters.browser.form import HINTS, LABELS, NO_LEVEL, category_choices, refuse_file, uploads_of
from saraban.letters.browser.tables import Tables
from saraban.letters.browser.typed import Typed
from saraban.letters.errors import FileTooLarge, TopSecretNotElectronic, UnsupportedFile
from saraban.letters.kinds import KINDS, SECRECIES, URGENCIES, WAYS
from saraban.letters.operations import change_files
from saraban.organisation import chart, settings
from saraban.organisation.functions import agency_of
from saraban.organisation.once import new_key, once
from saraban.page import Page
from saraban.routing import reception
from saraban.routing.secrecy import handles
from saraban.routing.secrets import open_delivery_row
from saraban.routing.tables import Delivery

TEXTS = ("sender", "sender_number", "title", "to_text", "urgency", "secrecy", "secrecy_reason", "kind", "via", "category",
         "note")  # fmt: skip


class Receive(Page):
    """Enters a letter from outside; after that shows its number, and the way to the next one."""

    section: ClassVar[str] = "letters"
    uploads: ClassVar[tuple[str, ...]] = ("files",)
    labels = {
        **LABELS,
        "sender": _("field_sender", default="From"),
        "sender_number": _("field_sender_number", default="Number of the sender"),
        "letter_date": _("field_letter_date", default="Dated"),
        "kind": _("field_kind", default="Kind"),
        "via": _("field_via", default="Came by"),
        "agency": _("field_agency", default="Receiving agency"),
        "note": _("form_defect", default="What is missing or wrong"),
    }
    hints = {
        **HINTS,
        "sender": _("hint_sender", default="An agency of the city, or anybody outside as written on the letter"),
        "note": _("hint_defect", default="Such as an enclosure that did not come. It stands in the register."),
    }
    made_words = _("receive_made", default="Registered. Receive number:")
    again_words = _("receive_again", default="This letter was registered before. Its receive number stays:")

    @property
    def title(self) -> str:  # type: ignore[override]
        """What is done."""
        if self.made is not None:
            return _("receive_done_title", default="Registered")
        return _("receive_title", default="Enter a letter from outside")

    @cached_property
    def language(self) -> str:
        """`th` or `en`."""
        return "en" if self.request.get("LANGUAGE") == "en" else "th"

    @cached_property
    def address(self) -> str:
        """This page."""
        return f"{self.context.absolute_url()}/receive"

    @cached_property
    def agencies(self) -> list[tuple[str, str]]:
        """The agencies for whose central registry the person receives, the acting one first."""
        ids = dict.fromkeys(agency_of(unit) for unit, _title in own_units(self.request, self.language, reception.RECEIVE))
        known = chart.units(ids)
        return [(id_, known[id_].title(self.language)) for id_ in ids if id_ in known]

    @property
    def agency(self) -> str:
        """The agency that receives."""
        wanted = self.request.form.get("agency", "")
        ids = [id_ for id_, _title in self.agencies]
        return wanted if wanted in ids else ids[0]

    def show(self) -> Any:
        """The form, for registrars."""
        if not self.agencies:
            raise Forbidden()
        return super().show()

    # The form

    @cached_property
    def key(self) -> str:
        """The key of this form."""
        return new_key()

    @cached_property
    def tables(self) -> Tables:
        """The grid of enclosures."""
        return Tables(self.context, self.request, ["enclosures"], {})

    @property
    def senders(self) -> list[tuple[str, str]]:
        """Names to pick from, with their abbreviations."""
        return [(one.title_th, one.abbreviation or one.letter_code) for one in chart.agencies() if one.unit != self.agency]

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """Kinds of letters."""
        return [(kind.name, kind.title) for kind in KINDS.values()]

    @property
    def urgencies(self) -> list[tuple[str, str]]:
        """ชั้นความเร็ว."""
        return list(URGENCIES.items())

    @cached_property
    def categories(self) -> list[tuple[str, str]]:
        """The categories that the agency defined."""
        return category_choices(self.agency)

    @property
    def ways(self) -> list[tuple[str, str]]:
        """How it came."""
        own = [(word, word) for word in settings.words(self.agency, settings.WAY)]
        return [*WAYS.items(), *own]

    @cached_property
    def levels(self) -> list[tuple[str, str]]:
        """The levels that the person registers for the agency; none where only ordinary letters are theirs."""
        agency = agency_object(self.agency)
        found = [level for level in (NORMAL, *LEVELS) if handles(self.agency, level, agency)]
        return [(level, SECRECIES[level]) for level in found] if found != [NORMAL] else []

    @property
    def top_secret(self) -> str:
        """Why the highest level cannot be chosen (E27)."""
        return TopSecretNotElectronic.text

    def data(self) -> dict[str, Any]:
        """What the operation takes. Raises Invalid with all that is wrong."""
        typed = Typed(self.request.form)
        typed.texts(*TEXTS)
        ordinary = not self.levels or self.levels[0][0] == NORMAL
        if not ordinary and "secrecy" not in typed.data:
            typed.errors["secrecy"] = REQUIRED
        elif typed.text("secrecy_reason").strip() and typed.data.get("secrecy", NORMAL) == NORMAL:
            typed.errors["secrecy"] = NO_LEVEL
        typed.day("letter_date")
        typed.day("due_date")
        typed.moment("urgent_by")
        typed.whole("due_days")
        if typed.data.get("due_date") and typed.data.get("due_days") is not None:
            typed.errors["due_days"] = fields.BOTH_TERMS
        grids, wrong = self.tables.typed()
        typed.data.update(grids)
        typed.errors.update(wrong)
        if typed.errors:
            known = {name: value for name, value in typed.data.items() if name not in typed.errors}
            wrong = dict(typed.errors)
            try:
                fields.reception_values(known, ways=settings.words(self.agency, settings.WAY))
            except Invalid as more:
                wrong = {**more.fields, **wrong}
            raise Invalid(fields=wrong)
        return typed.data

    # What happens

    def handle(self) -> Any:
        """Registers the letter once, however often the form is sent."""
        if not self.agencies:
            raise Forbidden()
        data = self.data()
        what = json.dumps([self.agency, data], sort_keys=True, default=str)
        return self.go(once(self.context, self.request, what, lambda: self._receive(data)))

    def _receive(self, data: dict[str, Any]) -> str:
        received = reception.receive(agency_object(self.agency), data)
        if not received.again:
            letter = getSite().unrestrictedTraverse(received.delivery.letter_path)
            try:
                change_files(letter, uploads_of(self.request.form))
            except (UnsupportedFile, FileTooLarge) as refusal:
                raise refuse_file(refusal) from refusal
        query = {"made": received.delivery.key, **({"again": "1"} if received.again else {})}
        return f"{self.address}?{urlencode(query)}"

    # What was made

    @cached_property
    def made(self) -> Delivery | None:
        """The delivery that this page has just made; only one of the person's own registry."""
        key = self.request.form.get("made", "")
        if self.request.method == "POST" or not isinstance(key, str) or not key:
            return None
        with reader(self.context) as session:
            row: Delivery | None = session.scalar(select(Delivery).where(Delivery.key == key))
            mine = row is not None and any(row.unit == id_ for id_, _title in self.agencies)
            if row is None or not mine or not handles(row.unit, row.secrecy, agency_object(row.agency)):
                return None
            return open_delivery_row(row)

    @property
    def again(self) -> bool:
        """Whether it had come before."""
        return "again" in self.request.form

    @property
    def made_address(self) -> str:
        """Where the letter stands on the desk."""
        assert self.made is not None
        return f"{self.context.absolute_url()}/agencies/{self.made.agency}/deliveries/{self.made.key}"

    @property
    def next_address(self) -> str:
        """The form for the next letter of the same pile."""
        assert self.made is not None
        # An address stands in the server's log: the sender of a secret letter does not.
        sender = {"sender": self.made.sender} if self.made.secrecy == NORMAL else {}
        return f"{self.address}?{urlencode({**sender, 'via': self.made.via})}"
