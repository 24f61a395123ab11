"""What delivery, letter and the desk's right side show of one letter: the document, its files, its movement, who holds it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from saraban.letters.browser.choices import signing_post
from saraban.letters.content import Letter
from saraban.letters.fields import is_html
from saraban.letters.kinds import SECRECIES
from saraban.letters.serialize import attachments_of
from saraban.routing.browser.files import shown_inline
from saraban.routing.steps import postponement
from saraban.routing.tables import Assignment, Delivery, DeliveryStep

FEW = 4
"""So many receivers stand in a line of the timeline; of more only the number, the names behind it."""
_CLASSIFIED = re.compile(rf"({'|'.join(SECRECIES)}) → ({'|'.join(SECRECIES)}): (.*)", re.DOTALL)


@dataclass(frozen=True)
class FileLine:
    """One attached file."""

    title: str
    name: str
    size: int
    download_url: str
    show_url: str
    """Where the browser shows it, empty for what it cannot show."""
    image: bool
    id: str
    """Its name below the letter."""
    pdf: bool


@dataclass(frozen=True)
class Document:
    """A letter as it is read."""

    letter: Letter
    files: list[FileLine]

    @property
    def html(self) -> str:
        """The body as HTML (it was cleaned when it came in), empty for plain text."""
        return self.letter.body if is_html(self.letter.body) else ""

    @property
    def plain(self) -> str:
        """The body as plain text, empty for HTML."""
        return "" if self.html else self.letter.body

    @property
    def signing_post(self) -> str:
        """The post of the signatory on the day of the letter, as the paper says it."""
        letter = self.letter
        post = signing_post(letter.signatory, letter.owner_unit, letter.letter_date) if letter.signatory else None
        return post.title() if post else ""

    @property
    def shown(self) -> list[FileLine]:
        """The files that the browser can show."""
        return [one for one in self.files if one.show_url]

    @property
    def has_pdf(self) -> bool:
        """Whether the page needs the reader of PDF."""
        return any(not one.image for one in self.shown)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to read."""
        return not self.letter.body and not self.files


def document_of(letter: Letter) -> Document:
    """The letter with its files."""
    lines = []
    for one in attachments_of(letter):
        if one.file is None:
            continue
        address = one.absolute_url()
        kind = one.file.contentType
        lines.append(
            FileLine(
                title=one.title or one.file.filename,
                name=one.file.filename,
                size=one.size,
                download_url=f"{address}/@@download/file",
                show_url=f"{address}/@@display" if shown_inline(kind) else "",
                image=kind.startswith("image/"),
                id=one.getId(),
                pdf=kind == "application/pdf",
            )
        )
    return Document(letter, lines)


@dataclass
class Event:
    """A line of the timeline: one step, or the same step towards many units."""

    what: str
    at: datetime
    unit: str
    person_name: str
    post: str
    note: str
    to_units: list[str] = field(default_factory=list)
    postponed: tuple[date | None, date] | None = None
    levels: tuple[str, str] | None = None
    """Of a change of level: from which to which."""

    @property
    def many(self) -> bool:
        """Whether its receivers are too many for one line."""
        return len(self.to_units) > FEW


def events_of(steps: Iterable[DeliveryStep]) -> list[Event]:
    """The timeline, newest first; what one act did to many units is one line."""
    found: list[Event] = []
    for step in steps:
        before = found[-1] if found else None
        same = before is not None and (before.at, before.what, before.unit) == (step.at, step.what, step.unit)
        if before is not None and same and step.to_unit:
            before.to_units.append(step.to_unit)
            continue
        if same and step.delivery_id is None:
            continue  # said once more of the letter itself, for those who hold it by no delivery
        event = Event(step.what, step.at, step.unit, step.person_name, step.post, step.note)
        event.to_units += [step.to_unit] if step.to_unit else []
        _read_note(event)
        found.append(event)
    return found[::-1]


def _read_note(event: Event) -> None:
    """The movement keeps both dates (E35), or both levels (E30), in the note; the page shows them in the reader's language."""
    if event.what == "classified" and (known := _CLASSIFIED.fullmatch(event.note)):
        event.levels, event.note = (known[1], known[2]), known[3]
    if event.what == "postponed" and (found := postponement(event.note)):
        before, after, event.note = found
        event.postponed = before, after


@dataclass(frozen=True)
class Holder:
    """Who holds the letter now, at one of its places."""

    unit: str
    state: str
    since: datetime
    persons: list[str]
    due_date: date | None


def holders_now(rows: Sequence[Delivery], assigned: dict[int, list[str]]) -> list[Holder]:
    """The units that hold it, and the persons who have it there."""
    found = []
    for row in rows:
        if row.state in ("sent", "opened", "registered"):
            since = row.registered_at or row.opened_at or row.sent_at
            found.append(Holder(row.unit, row.state, since, assigned.get(row.id, []), row.due_date))
    return found


def assignments_shown(given: Sequence[Assignment]) -> list[Assignment]:
    """What was given to persons, the open first."""
    return sorted(given, key=lambda one: (one.state != "open", one.given_at))
