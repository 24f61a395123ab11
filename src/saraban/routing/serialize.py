"""Deliveries, steps and assignments as the JSON of `api.md`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from saraban.classification import vault
from saraban.ledger.clock import iso
from saraban.organisation.chart import UnitInfo
from saraban.routing.secrets import texts_of
from saraban.routing.tables import Assignment, Delivery, DeliveryStep


def address_of(site_url: str, row: Delivery) -> str:
    """Where the delivery opens."""
    return f"{site_url}/agencies/{row.agency}/deliveries/{row.key}"


def letter_address(site_url: str, site_path: str, row: Delivery) -> str:
    """Where the letter opens."""
    return site_url + row.letter_path.removeprefix(site_path)


def delivery_json(site: Any, row: Delivery, assigned: Assignment | None = None) -> dict[str, Any]:
    """One item of a desk, for who may see it."""
    return deliveries_json(site, [row], {row.id: assigned} if assigned is not None else {})[0]


def deliveries_json(site: Any, rows: Iterable[Delivery], assigned: Mapping[int, Assignment]) -> list[dict[str, Any]]:
    """The items of a desk; `assigned` is what was given to the person who asks, by the delivery's id."""
    site_url, site_path = site.absolute_url(), "/".join(site.getPhysicalPath())
    return [_delivery_json(site_url, site_path, row, assigned.get(row.id)) for row in rows]


def _delivery_json(site_url: str, site_path: str, row: Delivery, assigned: Assignment | None) -> dict[str, Any]:
    texts = texts_of(row)
    found: dict[str, Any] = {
        "@id": address_of(site_url, row),
        "@type": "Delivery",
        "state": row.state,
        "unit": row.unit,
        "receive_number": row.receive_number,
        "receive_year": row.receive_year,
        "sent_at": iso(row.sent_at),
        "opened_at": iso(row.opened_at),
        "registered_at": iso(row.registered_at),
        "registered_by": row.registered_by or None,
        "closed_at": iso(row.closed_at),
        "due_date": row.due_date.isoformat() if row.due_date else None,
        "urgent_by": iso(row.urgent_by),
        "follow_up": row.follow_up,
        "letter": {
            "@id": letter_address(site_url, site_path, row),
            "title": texts["title"],
            "number": row.number,
            "letter_date": row.letter_date.isoformat() if row.letter_date else None,
            "kind": row.kind,
            "urgency": row.urgency,
            "secrecy": row.secrecy,
            "sender": texts["sender"],
        },
    }
    if row.state == "returned":
        found["letter"]["@id"] = None
    if assigned is not None:
        found["assigned"] = True
        found["instruction"] = vault.opened(row.letter_uid, assigned.instruction)
        found["due_date"] = assigned.due_date.isoformat() if assigned.due_date else found["due_date"]
    return found


def movement_json(steps: Iterable[DeliveryStep]) -> list[dict[str, Any]]:
    """The timeline, with the seconds that passed since the step before."""
    found: list[dict[str, Any]] = []
    before = None
    for step in steps:
        found.append(
            {
                "at": iso(step.at),
                "what": step.what,
                "unit": step.unit,
                "to_unit": step.to_unit or None,
                "actor": {"id": step.person, "name": step.person_name, "post": step.post},
                "note": step.note,
                "seconds_since_previous": None if before is None else int((step.at - before).total_seconds()),
            }
        )
        before = step.at
    return found


def sent_json(site: Any, rows: Iterable[Delivery], units: Mapping[str, UnitInfo]) -> list[dict[str, Any]]:
    """The sender's view: every receiving unit and its state."""
    site_url = site.absolute_url()
    return [
        {
            "@id": address_of(site_url, row),
            "unit": row.unit,
            "unit_title": units[row.unit].title_th if row.unit in units else row.unit,
            "state": row.state,
            "sent_at": iso(row.sent_at),
            "opened_at": iso(row.opened_at),
            "registered_at": iso(row.registered_at),
            "receive_number": row.receive_number,
            "receive_year": row.receive_year,
            "closed_at": iso(row.closed_at),
        }
        for row in rows
    ]


def assignment_json(one: Assignment) -> dict[str, Any]:
    """To whom the work was given, and how far it is."""
    return {
        "user": one.person,
        "unit": one.unit,
        "instruction": one.instruction,
        "due_date": one.due_date.isoformat() if one.due_date else None,
        "state": one.state,
    }
