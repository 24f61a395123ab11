"""Who stands where: the chart as the ledger knows it, and the appointments of persons to posts.

The chart's truth is the Agency and Unit objects; `UnitRow` is their projection, written in the same transaction, so that
pickers, desks and reports need no object. Rules: `domain.md` 4 and E33, E34; requirements L13, L34, B12.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saraban.ledger.tables import ID, LONG, PRIMARY_KEY, SHORT, TABLE, UTC_TIME, Base


class UnitRow(Base):
    """A unit of the chart, an agency's central registry among them (its id is the agency's)."""

    __tablename__ = "unit"
    __table_args__ = (
        Index("unit_agency", "agency", "unit"),
        Index("unit_parent", "parent"),
        Index("unit_successor", "successor"),
        TABLE,
    )

    unit: Mapped[str] = mapped_column(ID, primary_key=True)
    agency: Mapped[str] = mapped_column(ID)
    parent: Mapped[str] = mapped_column(ID, default="")
    uid: Mapped[str] = mapped_column(ID)
    path: Mapped[str] = mapped_column(LONG)
    """Physical path of the object."""
    title_th: Mapped[str] = mapped_column(LONG)
    title_en: Mapped[str] = mapped_column(LONG, default="")
    abbreviation: Mapped[str] = mapped_column(SHORT, default="")
    kind: Mapped[str] = mapped_column(ID, default="")
    letter_code: Mapped[str] = mapped_column(SHORT, default="")
    active: Mapped[bool] = mapped_column(default=True)
    """May letters be sent to it."""
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    successor: Mapped[str] = mapped_column(ID, default="", server_default="")
    """The unit to which its desk passes when it is over (merged, replaced); empty for none (E33)."""
    position: Mapped[int] = mapped_column(default=0)
    """Order in lists, as in the official chart."""
    fold: Mapped[str] = mapped_column(LONG, default="")
    """`saraban.thai.fold` of id, names, abbreviation and letter code, for the picker."""


class UnitName(Base):
    """A name that a unit bore, and until when: old letters show the old name (E33)."""

    __tablename__ = "unit_name"
    __table_args__ = (Index("unit_name_unit", "unit", "until"), TABLE)

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    unit: Mapped[str] = mapped_column(ID)
    title_th: Mapped[str] = mapped_column(LONG)
    title_en: Mapped[str] = mapped_column(LONG, default="")
    until: Mapped[datetime] = mapped_column(UTC_TIME)


class Appointment(Base):
    """A person's post in a unit for a time; groups and rights follow from those in force today (E34)."""

    __tablename__ = "appointment"
    __table_args__ = (Index("appointment_person", "person"), Index("appointment_unit", "unit", "function"), TABLE)

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    person: Mapped[str] = mapped_column(ID)
    unit: Mapped[str] = mapped_column(ID)
    function: Mapped[str] = mapped_column(ID)
    """A name of `organisation.functions`."""
    post_th: Mapped[str] = mapped_column(SHORT)
    post_en: Mapped[str] = mapped_column(SHORT, default="")
    capacity: Mapped[str] = mapped_column(ID, default="own")
    """`own`, `by-delegation` (ปฏิบัติราชการแทน), `acting` (รักษาราชการแทน), `caretaker` (รักษาการในตำแหน่ง),
    `in-place` (ทำการแทน)."""
    acting_for: Mapped[str] = mapped_column(SHORT, default="")
    order_number: Mapped[str] = mapped_column(SHORT, default="")
    """The order that appoints."""
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    """The last day in the post."""
    created_by: Mapped[str] = mapped_column(ID)
    created_at: Mapped[datetime] = mapped_column(UTC_TIME)


class LoginFailure(Base):
    """A wrong password, by account and address; ten within a quarter of an hour lock that pair (`api.md`)."""

    __tablename__ = "login_failure"
    __table_args__ = (Index("login_failure_person", "person", "address", "at"), TABLE)

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    person: Mapped[str] = mapped_column(ID)
    address: Mapped[str] = mapped_column(ID)
    at: Mapped[datetime] = mapped_column(UTC_TIME)


class AgencySetting(Base):
    """How an agency counts the days of a term; without a row, calendar days."""

    __tablename__ = "agency_setting"

    agency: Mapped[str] = mapped_column(ID, primary_key=True)
    due_days: Mapped[str] = mapped_column(ID, default="calendar")
    """`calendar` or `working`."""
    changed_by: Mapped[str] = mapped_column(ID)
    changed_at: Mapped[datetime] = mapped_column(UTC_TIME)


class ExtraHoliday(Base):
    """A day on which offices are closed beside the yearly holidays: declared by the Cabinet, or an agency's own."""

    __tablename__ = "extra_holiday"
    __table_args__ = (UniqueConstraint("agency", "day"), TABLE)

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    agency: Mapped[str] = mapped_column(ID, default="")
    """Empty: of the whole city."""
    day: Mapped[date] = mapped_column(Date)
    title: Mapped[str] = mapped_column(SHORT, default="")


class AgencyWord(Base):
    """A category of documents or a way of sending that an agency defined (L21)."""

    __tablename__ = "agency_word"
    __table_args__ = (UniqueConstraint("agency", "subject", "word"), TABLE)

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    agency: Mapped[str] = mapped_column(ID)
    subject: Mapped[str] = mapped_column(ID)
    """`category` or `way`."""
    position: Mapped[int]
    word: Mapped[str] = mapped_column(SHORT)
