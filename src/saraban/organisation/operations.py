"""Appointments begin and end; a person moves. The verbs of the agency's administrator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from zope.component.hooks import getSite

from saraban import _
from saraban.errors import Invalid, Missing
from saraban.ledger import audit, clock
from saraban.ledger.acts import Act, Actor, act
from saraban.ledger.connection import session_of
from saraban.organisation.acting import current_actor
from saraban.organisation.allow import require
from saraban.organisation.chart import unit as unit_info
from saraban.organisation.errors import AlreadyAppointed, AppointmentEnded, SelfAppointment
from saraban.organisation.functions import CAPACITIES, SECRET_REGISTRAR, TITLES, agency_of
from saraban.organisation.posts import forget_posts
from saraban.organisation.tables import Appointment

ADMINISTER = "Saraban: Administer agency"


def appoint(
    agency: Any,
    actor: Actor,
    *,
    person: str,
    unit: str,
    function: str,
    post_th: str,
    post_en: str = "",
    capacity: str = "own",
    acting_for: str = "",
    order_number: str = "",
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> Appointment:
    """Appoints a person to a function in a unit of the agency, from today unless said."""
    require(ADMINISTER, agency)
    entry = {
        "person": person,
        "unit": unit,
        "function": function,
        "post_th": post_th,
        "post_en": post_en,
        "capacity": capacity,
        "acting_for": acting_for,
        "order_number": order_number,
    }
    with act(agency, actor, "appoint", uid=agency.UID()) as done:
        return _write(done, agency, entry, valid_from or clock.today(), valid_until)


def end_appointment(agency: Any, actor: Actor, appointment: int, last_day: date | None = None) -> Appointment:
    """Ends an appointment: at once unless a last day is said; what the post gave is gone the same moment (E34)."""
    require(ADMINISTER, agency)
    with act(agency, actor, "end-appointment", uid=agency.UID()) as done:
        row = _standing(done, agency, appointment)
        _end(row, last_day or clock.today() - timedelta(days=1))
        done.note(appointment=row.id, person=row.person, unit=row.unit, function=row.function)
        forget_posts()
        return row


def move(
    agency: Any,
    actor: Actor,
    appointment: int,
    *,
    unit: str,
    function: str = "",
    post_th: str = "",
    post_en: str = "",
    order_number: str = "",
    valid_from: date | None = None,
) -> Appointment:
    """Moves a person to another unit of the agency: the old post ends the day before the new one begins."""
    require(ADMINISTER, agency)
    start = valid_from or clock.today()
    with act(agency, actor, "move", uid=agency.UID()) as done:
        row = _standing(done, agency, appointment)
        _end(row, start - timedelta(days=1))
        entry = {
            "person": row.person,
            "unit": unit,
            "function": function or row.function,
            "post_th": post_th or row.post_th,
            "post_en": post_en or (row.post_en if not post_th else ""),
            "capacity": row.capacity,
            "acting_for": row.acting_for,
            "order_number": order_number,
        }
        done.note(ended=row.id, left=row.unit)
        return _write(done, agency, entry, start, None)


def _write(done: Act, agency: Any, entry: Mapping[str, str], valid_from: date, valid_until: date | None) -> Appointment:
    _check(done, agency, entry, valid_from, valid_until)
    row = Appointment(
        **{name: value.strip() for name, value in entry.items()},
        valid_from=valid_from,
        valid_until=valid_until,
        created_by=done.actor.person,
        created_at=done.at,
    )
    done.session.add(row)
    done.session.flush()
    done.note(appointment=row.id, person=row.person, unit=row.unit, function=row.function)
    forget_posts()
    return row


def _check(done: Act, agency: Any, entry: Mapping[str, str], valid_from: date, valid_until: date | None) -> None:
    person, unit, function = entry["person"], entry["unit"], entry["function"]
    fields = _wrong_texts(entry)
    if agency.acl_users.getUserById(person) is None:
        fields["person"] = _("error_person_unknown", default="No such person.")
    info = unit_info(unit, done.session)
    if info is None or info.agency != agency.unit_id:
        fields["unit"] = _("error_unit_not_of_agency", default="No such unit in this agency.")
    if function not in TITLES:
        fields["function"] = _("error_function_unknown", default="No such function.")
    if valid_until is not None and valid_until < valid_from:
        fields["valid_until"] = _("error_ends_before_begin", default="The last day lies before the first.")
    if fields:
        raise Invalid(fields=fields)
    if person == done.actor.person:
        raise SelfAppointment()
    rows = done.lock(
        Appointment,
        Appointment.person == person,
        Appointment.unit == unit,
        Appointment.function == function,
        or_(Appointment.valid_until.is_(None), Appointment.valid_until >= valid_from),
        *(() if valid_until is None else (Appointment.valid_from <= valid_until,)),
    )
    if rows:
        raise AlreadyAppointed(person=person)


def _wrong_texts(entry: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with an entry whoever and wherever it is for."""
    fields: dict[str, str] = {}
    if entry["capacity"] not in CAPACITIES:
        fields["capacity"] = _("error_capacity_unknown", default="No such capacity.")
    elif entry["capacity"] != "own" and not entry["acting_for"].strip():
        fields["acting_for"] = _("error_acting_for_missing", default="Say whose post it is.")
    for name in ("post_th", "post_en", "acting_for", "order_number"):
        if len(entry[name]) > 200:
            fields[name] = _("error_too_long", default="At most ${most} characters.", mapping={"most": "200"})
    if not entry["post_th"].strip():
        fields["post_th"] = _("error_post_missing", default="The title of the post is missing.")
    if entry["function"] == SECRET_REGISTRAR and not entry["order_number"].strip():
        fields["order_number"] = _(
            "error_order_missing", default="A registrar of secret information is appointed by a written order: give its number."
        )
    return fields


def _standing(done: Act, agency: Any, appointment: int) -> Appointment:
    """The appointment, locked, when it is the agency's and has not ended."""
    rows: list[Appointment] = done.lock(Appointment, Appointment.id == appointment)
    if not rows or agency_of(rows[0].unit) != agency.unit_id:
        raise Missing()
    if rows[0].valid_until is not None and rows[0].valid_until < clock.today():
        raise AppointmentEnded()
    return rows[0]


def _end(row: Appointment, last_day: date) -> None:
    """An end after the end that was set before would prolong the post: that is a new appointment."""
    if row.valid_until is not None and last_day > row.valid_until:
        raise Invalid(fields={"last_day": _("error_already_ends", default="The appointment ends before that day.")})
    row.valid_until = last_day


def appointments_of(session: Any, agency: str, *, all_times: bool = False) -> list[Appointment]:
    """The appointments in an agency, by unit and person; those that have ended only when asked for."""
    query = select(Appointment).where(
        or_(Appointment.unit == agency, Appointment.unit.startswith(f"{agency}.", autoescape=True))
    )
    if not all_times:
        query = query.where(or_(Appointment.valid_until.is_(None), Appointment.valid_until >= clock.today()))
    return list(session.scalars(query.order_by(Appointment.unit, Appointment.person, Appointment.id)))


def person_deleted(event: Any) -> None:
    """An account is deleted: its appointments end, so that whoever gets the name later does not get the posts."""
    site = getSite()
    if site is None or event.principal is None:
        return
    last_day = clock.today() - timedelta(days=1)
    session = session_of(site)
    standing = or_(Appointment.valid_until.is_(None), Appointment.valid_until > last_day)
    rows = session.scalars(select(Appointment).where(Appointment.person == str(event.principal), standing)).all()
    for row in rows:
        row.valid_until = last_day
    if rows:
        detail = {"person": str(event.principal), "appointments": [row.id for row in rows]}
        audit.append(
            session, actor=current_actor(), act="account-deleted", uid="", outcome=audit.DONE, at=clock.now(), detail=detail
        )
    session.flush()
    forget_posts()
