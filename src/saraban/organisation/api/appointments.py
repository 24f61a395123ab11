"""`@appointments`, `@end-appointment`, `@move`: the posts of an agency, for its administrator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from saraban import _
from saraban.errors import Invalid
from saraban.ledger.connection import reader
from saraban.organisation.acting import current_actor, person_name
from saraban.organisation.functions import agency_of
from saraban.organisation.operations import appoint, appointments_of, end_appointment, move
from saraban.organisation.rest import ReadService, VerbService, batch, switch, window
from saraban.organisation.tables import Appointment


def appointment_json(row: Appointment) -> dict[str, Any]:
    """An appointment as REST shows it."""
    return {
        "@type": "Appointment",
        "id": row.id,
        "person": row.person,
        "name": person_name(row.person),
        "unit": row.unit,
        "agency": agency_of(row.unit),
        "function": row.function,
        "post_th": row.post_th,
        "post_en": row.post_en,
        "capacity": row.capacity,
        "acting_for": row.acting_for,
        "order_number": row.order_number,
        "valid_from": row.valid_from.isoformat(),
        "valid_until": row.valid_until.isoformat() if row.valid_until else None,
    }


def text_of(data: Mapping[str, Any], name: str, default: str = "") -> str:
    """A text of the body. Raises Invalid with the field's name for anything else."""
    value = data.get(name)
    if value is None:
        return default
    if not isinstance(value, str):
        raise Invalid(fields={name: _("error_text", default="This must be a text.")})
    return value


def day_of(data: Mapping[str, Any], name: str) -> date | None:
    """An ISO date of the body. Raises Invalid with the field's name for anything else, a Buddhist year too."""
    value = data.get(name)
    if value in (None, ""):
        return None
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Invalid(fields={name: _("error_date", default="A date is asked for: YYYY-MM-DD.")}) from None
    if not 1900 <= day.year <= 2200:
        raise Invalid(
            fields={name: _("error_buddhist_year", default="Dates are sent with the year of the common era (ISO 8601).")}
        )
    return day


def appointment_of(data: Mapping[str, Any]) -> int:
    """The appointment that the body names. Raises Invalid where it names none."""
    value = data.get("appointment")
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**63:
        raise Invalid(fields={"appointment": _("error_appointment_id", default="The id of an appointment is asked for.")})
    return value


class Appointments(ReadService):
    """The appointments of an agency, those that are over too with `all=1`."""

    def answer(self) -> Any:
        """A batch of appointments."""
        start, size = window(self.request)
        with reader() as session:
            rows = appointments_of(session, self.context.unit_id, all_times=bool(switch(self.request, "all")))
        items = [appointment_json(row) for row in rows[start : start + size]]
        return batch(self.request, f"{self.context.absolute_url()}/@appointments", len(rows), items)


class Appoint(VerbService):
    """Appoints a person."""

    success = 201

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The new appointment."""
        row = appoint(
            self.context,
            current_actor(self.context.unit_id),
            person=text_of(data, "person"),
            unit=text_of(data, "unit"),
            function=text_of(data, "function"),
            post_th=text_of(data, "post_th"),
            post_en=text_of(data, "post_en"),
            capacity=text_of(data, "capacity", "own"),
            acting_for=text_of(data, "acting_for"),
            order_number=text_of(data, "order_number"),
            valid_from=day_of(data, "valid_from"),
            valid_until=day_of(data, "valid_until"),
        )
        return appointment_json(row)


class EndAppointment(VerbService):
    """Ends an appointment, at once unless `last_day` says otherwise."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The ended appointment."""
        actor = current_actor(self.context.unit_id)
        return appointment_json(end_appointment(self.context, actor, appointment_of(data), day_of(data, "last_day")))


class Move(VerbService):
    """Moves a person to another unit of the agency."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The new appointment."""
        row = move(
            self.context,
            current_actor(self.context.unit_id),
            appointment_of(data),
            unit=text_of(data, "unit"),
            function=text_of(data, "function"),
            post_th=text_of(data, "post_th"),
            post_en=text_of(data, "post_en"),
            order_number=text_of(data, "order_number"),
            valid_from=day_of(data, "valid_from"),
        )
        return appointment_json(row)
