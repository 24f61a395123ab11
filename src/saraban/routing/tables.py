"""Deliveries of letters to units, their steps, and what was given to persons.

One row for each receiving unit, with its own copy of what a desk shows, so that no list wakes a letter. Rules: `domain.md`
2.2, 8 (E01-E08, E20); requirements L14-L20, L28, L29.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from saraban.ledger.tables import ID, LONG, LONG_TEXT, PRIMARY_KEY, SHORT, TABLE, UTC_TIME, Base

CIRCULARS: dict[str, Any] = {
    "sqlite_where": text("kind = 'circular'"),
    # Said otherwise: what an index says by itself PostgreSQL does not look up in it, and the columns behind would be of no use.
    "postgresql_where": text("kind >= 'circular' AND kind <= 'circular'"),
}
"""An index of circulars alone, where the database can: no other delivery pays. What walks it names the kind literally."""


GONE = ("recalled", "returned")
"""States of a delivery whose unit does not hold the letter any more."""


class Delivery(Base):
    """A letter on its way to one unit."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("delivery_letter", "letter_uid", "unit"),
        Index("delivery_list", "unit", "secrecy", "state", "sent_at", "id"),
        Index("delivery_standing", "unit", "secrecy", "state", "kind", "due_date"),
        Index("delivery_away", "from_unit", "secrecy", "state", "sent_at", "id"),
        Index("delivery_parent", "parent_id"),
        Index("delivery_known", "unit", "known_by"),
        Index("delivery_secrecy", "unit", "secrecy", "sent_at", "id"),
        Index("delivery_due", "state", "due_date"),
        Index(
            "delivery_circular",
            *("agency", "kind", "secrecy", "sent_at", "id", "letter_uid", "state", "from_unit", "letter_date"),
            **CIRCULARS,
        ),
        Index("delivery_circular_letter", "agency", "kind", "secrecy", "letter_uid", "id", "state", **CIRCULARS),
        Index("delivery_circular_sent", "kind", "state", "sent_at", **CIRCULARS),
        TABLE,
    )

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    key: Mapped[str] = mapped_column(ID)
    """Random; the delivery's name in addresses, so that addresses count nothing."""
    letter_uid: Mapped[str] = mapped_column(ID)
    letter_path: Mapped[str] = mapped_column(LONG)
    unit: Mapped[str] = mapped_column(ID)
    agency: Mapped[str] = mapped_column(ID)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))
    """The delivery that was forwarded."""
    from_unit: Mapped[str] = mapped_column(ID, default="")
    """The unit that sent it, empty for a sender outside the system."""
    via: Mapped[str] = mapped_column(ID, default="system")
    state: Mapped[str] = mapped_column(ID, default="sent")
    """`sent`, `opened`, `registered`, `closed`, `returned`, `recalled`."""
    receive_number: Mapped[int | None]
    receive_year: Mapped[int | None]
    sent_at: Mapped[datetime] = mapped_column(UTC_TIME)
    opened_at: Mapped[datetime | None] = mapped_column(UTC_TIME)
    registered_at: Mapped[datetime | None] = mapped_column(UTC_TIME)
    registered_by: Mapped[str] = mapped_column(ID, default="")
    closed_at: Mapped[datetime | None] = mapped_column(UTC_TIME)
    result: Mapped[str] = mapped_column(Text, default="")
    publish: Mapped[str] = mapped_column(ID, default="")
    """`section-7` or `section-9`: to be published under the Official Information Act; else empty."""
    due_date: Mapped[date | None] = mapped_column(Date)
    urgent_by: Mapped[datetime | None] = mapped_column(UTC_TIME)
    """By when it must have arrived (ด่วนภายใน)."""
    follow_up: Mapped[bool] = mapped_column(default=False)
    known_by: Mapped[str] = mapped_column(ID, default="")
    """SHA-256 of sender, normalised number and date: the same letter again (E03, E37); of a secret one empty."""
    # The letter as it was sent: what a desk shows.
    title: Mapped[str] = mapped_column(LONG)
    number: Mapped[str] = mapped_column(SHORT, default="")
    letter_date: Mapped[date | None] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(ID)
    urgency: Mapped[str] = mapped_column(ID, default="normal")
    secrecy: Mapped[str] = mapped_column(ID, default="normal")
    sender: Mapped[str] = mapped_column(LONG, default="")
    sealed: Mapped[str | None] = mapped_column(Text)
    """Of a secret letter: title and sender, sealed; the columns themselves then say only that it is secret."""


class DeliveryStep(Base):
    """What happened to a letter, when, where, by whom and in what post. Never edited (L28)."""

    __tablename__ = "delivery_step"
    __table_args__ = (Index("delivery_step_letter", "letter_uid", "at", "id"), TABLE)

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    letter_uid: Mapped[str] = mapped_column(ID)
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))
    at: Mapped[datetime] = mapped_column(UTC_TIME)
    what: Mapped[str] = mapped_column(ID)
    """A word of `@movement` in `api.md`: `created`, `dispatched`, `opened` …"""
    unit: Mapped[str] = mapped_column(ID)
    to_unit: Mapped[str] = mapped_column(ID, default="")
    person: Mapped[str] = mapped_column(ID)
    person_name: Mapped[str] = mapped_column(SHORT, default="")
    post: Mapped[str] = mapped_column(SHORT, default="")
    note: Mapped[str] = mapped_column(Text, default="")


class Assignment(Base):
    """A piece of work on a delivery, given to one person (มอบหมาย)."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("delivery_id", "person"),
        Index("assignment_person", "person", "state", "due_date"),
        TABLE,
    )

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    person: Mapped[str] = mapped_column(ID)
    unit: Mapped[str] = mapped_column(ID)
    """The unit in which the person holds a post: who leaves it loses the work (E34)."""
    instruction: Mapped[str] = mapped_column(Text, default="")
    due_date: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(ID, default="open")
    """`open` or `closed`."""
    given_by: Mapped[str] = mapped_column(ID)
    given_at: Mapped[datetime] = mapped_column(UTC_TIME)
    closed_at: Mapped[datetime | None] = mapped_column(UTC_TIME)


class Reservation(Base):
    """A number taken from a send register before its letter is ready (จองเลข, E11, E12, E15)."""

    __tablename__ = "reservation"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("reservation_unit", "unit", "state", "expires"),
        Index("reservation_entry", "entry_id"),
        TABLE,
    )

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    key: Mapped[str] = mapped_column(ID)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"))
    unit: Mapped[str] = mapped_column(ID)
    series: Mapped[str] = mapped_column(ID)
    purpose: Mapped[str] = mapped_column(Text, default="")
    person: Mapped[str] = mapped_column(ID)
    made_at: Mapped[datetime] = mapped_column(UTC_TIME)
    expires: Mapped[date] = mapped_column(Date)
    """The last day on which it may be used."""
    state: Mapped[str] = mapped_column(ID, default="open")
    """`open`, `used`, `cancelled`, or `expired`: not used in time, and not given up either."""


class AgencySeries(Base):
    """A series of outgoing numbers that an agency added to those of the regulation (L24)."""

    __tablename__ = "agency_series"
    __table_args__ = (UniqueConstraint("agency", "name"), TABLE)

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    agency: Mapped[str] = mapped_column(ID)
    name: Mapped[str] = mapped_column(ID)
    """Its id in the API and in the register."""
    title_th: Mapped[str] = mapped_column(SHORT)
    title_en: Mapped[str] = mapped_column(SHORT, default="")
    pattern: Mapped[str] = mapped_column(SHORT)
    """`saraban.thai.numbers.Pattern`."""
    kinds: Mapped[str] = mapped_column(SHORT)
    """The kinds of letters that may be numbered in it, with spaces between."""
    active: Mapped[bool] = mapped_column(default=True)
    """Whether it still gives numbers; its register stays in any case."""
    created_by: Mapped[str] = mapped_column(ID)
    created_at: Mapped[datetime] = mapped_column(UTC_TIME)


class Phrase(Base):
    """A sentence that an executive likes to order with (B4), at its place in the executive's own list."""

    __tablename__ = "phrase"
    __table_args__ = (UniqueConstraint("person", "position"), TABLE)

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    person: Mapped[str] = mapped_column(ID)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(LONG)


class DutyMark(Base):
    """That a delivery fell due was told: once for each date that it had."""

    __tablename__ = "duty_mark"
    __table_args__ = (UniqueConstraint("delivery_id", "kind", "due"), TABLE)

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    kind: Mapped[str] = mapped_column(ID)
    """A kind of `notices`."""
    due: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(UTC_TIME)


class Notice(Base):
    """Something that a person is to know, until they have seen it; or who holds a post (`keepers`).

    About a delivery; or about a letter before it is sent, of which a room above knows more (`notices.ILetterNotices`).
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("notice_person", "person", "read_at", "id"),
        Index("notice_delivery", "delivery_id", "kind"),
        Index("notice_letter", "letter_uid", "kind"),
        TABLE,
    )

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    person: Mapped[str] = mapped_column(ID)
    """Of kind `unkept` the group of the head's post, `medical:head`, whoever holds it when it is read."""
    unit: Mapped[str] = mapped_column(ID)
    """The unit in which the person holds a post: who leaves it loses the notice (E34)."""
    kind: Mapped[str] = mapped_column(ID)
    """`due-soon`, `overdue`, `urgent-by`, `corrected`, `unread`, `classified`, `unkept`; of a letter `to-sign`, `signed`,
    `sent-back`."""
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))
    letter_uid: Mapped[str | None] = mapped_column(ID)
    """Of a notice about a letter; then there is no delivery."""
    at: Mapped[datetime] = mapped_column(UTC_TIME)
    read_at: Mapped[datetime | None] = mapped_column(UTC_TIME)
    """When the person saw it; of a notice to a post `NoticeSeen` says it."""


class NoticeSeen(Base):
    """Who has seen a notice to a post: each for themselves, so that it is new to the next who holds it."""

    __tablename__ = "notice_seen"
    __table_args__ = (TABLE,)

    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), primary_key=True)
    person: Mapped[str] = mapped_column(ID, primary_key=True)
    at: Mapped[datetime] = mapped_column(UTC_TIME)


class LetterVersion(Base):
    """What a letter said before it was corrected after dispatch, and why it was (never edited)."""

    __tablename__ = "letter_version"
    __table_args__ = (UniqueConstraint("letter_uid", "version"), TABLE)

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    letter_uid: Mapped[str] = mapped_column(ID)
    version: Mapped[int]
    """1 is what was dispatched."""
    ended_at: Mapped[datetime] = mapped_column(UTC_TIME)
    """When the correction took its place."""
    person: Mapped[str] = mapped_column(ID)
    """Who corrected it."""
    person_name: Mapped[str] = mapped_column(SHORT, default="")
    post: Mapped[str] = mapped_column(SHORT, default="")
    reason: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(LONG_TEXT)
    """The fields that the correction changed, and the files of that version, as JSON; sealed with a secret letter."""
