"""Deliveries as objects that permissions can be asked about.

A delivery is a row; at its address stands a passing object made from the row, whose local roles say who may see it and act
on it. `/agencies/<agency>/deliveries/<key>`.
"""

from __future__ import annotations

from typing import Any

from OFS.SimpleItem import SimpleItem
from plone.dexterity.content import Item
from plone.supermodel import model
from Products.CMFCore.interfaces import IContentish
from sqlalchemy import select
from zope.interface import implementer

from saraban.classification.levels import NORMAL, cleared_person, registrars
from saraban.ledger.connection import reader
from saraban.ledger.deferred import NotIndexed
from saraban.letters.content import VerbsOnly
from saraban.organisation.functions import HEAD, REGISTRAR, group, person_group
from saraban.routing.secrets import open_assignments, open_delivery_row
from saraban.routing.tables import Assignment, Delivery


class IDeliveries(model.Schema):
    """The place in an agency below which its deliveries have their addresses."""


class IDelivery(IContentish):
    """A letter on its way to one unit. Contentish, for plone.rest traverses nothing else."""


_READERS = ("Assignee", "Head", "Reader", "Registrar", "Secret Registrar")


@implementer(IDelivery)
class DeliveryItem(SimpleItem):
    """A delivery at its address, for this request only: never stored.

    Seen by the receiving unit's desk, by the desk of the agency's central registry, and by those to whom it was assigned; of a
    secret letter only by the unit's registrars of secret information and by assignees, as long as they are cleared.
    """

    portal_type = "Delivery"
    meta_type = "Saraban Delivery"
    __ac_local_roles_block__ = True
    _View_Permission = _READERS
    _Access_contents_information_Permission = _READERS

    def __init__(self, row: Delivery, assigned: tuple[Assignment, ...]) -> None:
        self.id = row.key
        self.row = row
        self.assigned = assigned

    @property
    def title(self) -> str:
        """The letter's subject."""
        return self.row.title

    def Title(self) -> str:  # noqa: N802 - Plone's name
        """The letter's subject, as Plone's pages ask for it."""
        return self.row.title

    @property
    def __ac_local_roles__(self) -> dict[str, list[str]]:
        row = self.row
        if row.secrecy != NORMAL:
            secret = {cleared_person(one.unit, one.person, row.secrecy): ["Assignee"] for one in self.assigned}
            return {**secret, registrars(row.unit, row.secrecy): ["Secret Registrar"]}
        roles = {f"{row.agency}:desk": ["Reader"]}
        for one in self.assigned:
            roles[person_group(one.unit, one.person)] = ["Assignee"]
        roles[group(row.unit, HEAD)] = ["Head"]
        roles[group(row.unit, REGISTRAR)] = ["Registrar"]
        return roles

    def letter(self) -> Any:
        """The letter itself, without asking whether the person may see it."""
        return self.getPhysicalRoot().unrestrictedTraverse(self.row.letter_path)


@implementer(IDeliveries)
class Deliveries(VerbsOnly, NotIndexed, Item):
    """Gives each delivery of the agency its address."""

    def __bobo_traverse__(self, request: Any, name: str) -> Any:
        """The delivery of that key, if it was sent to a unit of this agency and not recalled; else a view or attribute."""
        found = find_delivery(self, name) if len(name) == KEY_LENGTH and not name.startswith(("@", "+")) else None
        if found is not None:
            return found
        return getattr(self, name)


KEY_LENGTH = 32
"""Characters of a delivery's key: 128 random bits in hexadecimal."""


def find_delivery(deliveries: Deliveries, key: str) -> DeliveryItem | None:
    """The delivery of the key below the agency, wrapped in its place."""
    given = Assignment.delivery_id == Delivery.id
    with reader(deliveries) as session:
        found = session.execute(select(Delivery, Assignment).outerjoin(Assignment, given).where(Delivery.key == key)).all()
    row = found[0][0] if found else None
    if row is None or row.agency != deliveries.__parent__.unit_id or row.state == "recalled":
        return None
    assigned = tuple(one for _row, one in found if one is not None)
    # Nothing is written from these rows: verbs lock and read their own.
    open_delivery_row(row)
    open_assignments(row.letter_uid, assigned)
    return DeliveryItem(row, assigned).__of__(deliveries)
