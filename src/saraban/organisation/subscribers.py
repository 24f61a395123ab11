"""The chart in the ledger: every change of an agency or unit is written there in the same transaction."""

from __future__ import annotations

from typing import Any

from Acquisition import aq_parent
from Products.CMFCore.interfaces import ISiteRoot
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from zope.container.interfaces import IContainerModifiedEvent
from zope.lifecycleevent.interfaces import IObjectAddedEvent, IObjectRemovedEvent

from saraban import _
from saraban.errors import Invalid
from saraban.ledger import audit, clock
from saraban.ledger.connection import session_of
from saraban.ledger.tables import Base
from saraban.organisation.acting import current_actor
from saraban.organisation.chart import folded, superiors
from saraban.organisation.content import MAX_NAME, MAX_UNIT_ID, NAME, RESERVED, IAgencies, IAgency, IChartUnit
from saraban.organisation.errors import UnitFixed, UnitInUse
from saraban.organisation.functions import local_roles
from saraban.organisation.posts import forget_posts
from saraban.organisation.tables import UnitName, UnitRow

PLACES = frozenset({"Letters", "LetterFolder"})
"""Types that an agency is made with, and that hold nothing by themselves."""


def agency_object(unit: Any) -> Any:
    """The agency that an object of the chart stands in (an agency: itself)."""
    while unit is not None and not IAgency.providedBy(unit):
        unit = aq_parent(unit)
    return unit


def agencies_added(agencies: Any, event: Any) -> None:
    """The folder of all agencies is for those who have logged in; the site around it has a login page for everybody.

    Below it roles follow from posts and from deliveries, whose causes are kept: nobody gives them out by hand.
    """
    for permission in ("View", "Access contents information"):
        agencies.manage_permission(permission, ["Authenticated", "Manager"], acquire=0)
    for permission in ("Sharing page: Delegate roles", "Change local roles"):
        agencies.manage_permission(permission, [], acquire=0)


def moved(unit: Any, event: Any) -> None:
    """Added, moved or removed: the object itself, or a folder above it."""
    if IObjectRemovedEvent.providedBy(event):
        if not ISiteRoot.providedBy(event.object):
            _removed(unit)
        return
    if event.newParent is None:
        return
    if IObjectAddedEvent.providedBy(event):
        _take_place(unit)
    project(unit)
    if IObjectAddedEvent.providedBy(event):
        _note(unit, "unit-added")


def modified(unit: Any, event: Any) -> None:
    """A name, a code or a date has changed; what lies in it is no change of the unit."""
    if unit.unit_id and not IContainerModifiedEvent.providedBy(event):
        project(unit)
        _note(unit, "unit-changed")


def will_be_moved(unit: Any, event: Any) -> None:
    """Refuses another id or another agency: letters, posts and registers name the unit."""
    if event.oldParent is None or event.newParent is None:
        return
    if IAgency.providedBy(unit):
        fixed = event.oldName == event.newName and IAgencies.providedBy(event.newParent)
    else:
        target = agency_object(event.newParent)
        fixed = event.oldName == event.newName and target is not None and target.unit_id == agency_object(unit).unit_id
    if not fixed:
        raise UnitFixed()


def will_be_removed(unit: Any, event: Any) -> None:
    """Refuses to delete what the ledger names."""
    if ISiteRoot.providedBy(event.object):
        return
    if _holds_documents(unit) or is_in_use(session_of(unit), unit.unit_id):
        raise UnitInUse()


def _holds_documents(folder: Any) -> bool:
    """Does anything lie in it but units and the folders that letters lie in."""
    for child in folder.objectValues():
        if IChartUnit.providedBy(child):
            continue  # asked for itself: the event comes to it as well
        if child.portal_type not in PLACES or _holds_documents(child):
            return True
    return False


def is_in_use(session: Session, unit: str) -> bool:
    """Does any row of any room name the unit, its own projection and names aside."""
    for table in Base.metadata.sorted_tables:
        if table.name in (UnitRow.__tablename__, UnitName.__tablename__, "audit") or "unit" not in table.c:
            continue
        if session.execute(select(table.c.unit).where(table.c.unit == unit).limit(1)).first() is not None:
            return True
    return False


def _take_place(unit: Any) -> None:
    """Gives a new object its unit id and its local roles."""
    name = unit.getId()
    if not NAME.fullmatch(name) or len(name) > MAX_NAME or name in RESERVED:
        raise Invalid(
            fields={"id": _("error_unit_name", default="Small Latin letters, digits and single hyphens; 40 at most.")}
        )
    agency = agency_object(unit)
    unit.unit_id = name if agency.aq_base is unit.aq_base else f"{agency.getId()}.{name}"
    if len(unit.unit_id) > MAX_UNIT_ID:
        raise Invalid(fields={"id": _("error_unit_id_long", default="Agency and unit together are longer than 64 characters.")})
    taken = session_of(unit).get(UnitRow, unit.unit_id)
    if taken is not None:
        raise Invalid(fields={"id": _("error_unit_taken", default="Another unit of the agency has this id.")})
    unit.__ac_local_roles__ = local_roles(unit.unit_id)
    unit.__ac_local_roles_block__ = True


def project(unit: Any) -> UnitRow:
    """Writes an object of the chart into the ledger; a name that changes is kept for old letters (E33)."""
    session = session_of(unit)
    agency = agency_object(unit)
    parent = (unit.parent_agency or "") if IAgency.providedBy(unit) else _parent_of(unit)
    _check(session, unit, parent)
    row = session.get(UnitRow, unit.unit_id)
    if row is None:
        if unit.position is None:
            unit.position = _next_position(session, agency.unit_id, is_agency=IAgency.providedBy(unit))
        row = UnitRow(unit=unit.unit_id, title_th=unit.title, title_en=unit.title_en or "")
        session.add(row)
    elif (row.title_th, row.title_en) != (unit.title, unit.title_en or ""):
        session.add(UnitName(unit=row.unit, title_th=row.title_th, title_en=row.title_en, until=clock.now()))
        row.title_th, row.title_en = unit.title, unit.title_en or ""
    row.agency = agency.unit_id
    stood = row.parent
    row.parent = parent
    row.uid = unit.UID()
    row.path = "/".join(unit.getPhysicalPath())
    row.abbreviation = unit.abbreviation or ""
    row.kind = unit.kind or ""
    row.letter_code = unit.letter_code or ""
    row.active = bool(unit.active)
    row.valid_from = unit.valid_from
    row.valid_until = unit.valid_until
    row.successor = unit.successor or ""
    row.position = unit.position or 0
    row.fold = folded((row.unit, row.title_th, row.title_en, row.abbreviation, row.letter_code))
    session.flush()
    forget_posts()
    if IAgency.providedBy(unit) and parent != (stood or ""):
        give_roles(unit)
    return row


def give_roles(agency: Any) -> None:
    """Gives an agency, and those below it, the local roles of those above. No index knows of them: they show nothing."""
    session, folder = session_of(agency), aq_parent(agency)
    waiting = [agency]
    while waiting:
        here = waiting.pop()
        here.__ac_local_roles__ = local_roles(here.unit_id, superiors(here.unit_id, session))
        below = select(UnitRow.unit).where(UnitRow.parent == here.unit_id, UnitRow.unit == UnitRow.agency)
        waiting += [folder._getOb(unit) for unit in session.scalars(below)]


def _parent_of(unit: Any) -> str:
    parent = aq_parent(unit)
    return parent.unit_id if IChartUnit.providedBy(parent) else ""


def _next_position(session: Session, agency: str, *, is_agency: bool) -> int:
    query = select(func.max(UnitRow.position))
    same = UnitRow.unit == UnitRow.agency if is_agency else (UnitRow.agency == agency) & (UnitRow.unit != UnitRow.agency)
    return (session.scalar(query.where(same)) or 0) + 1


def _check(session: Session, unit: Any, parent: str) -> None:
    """Codes that stand once, and a chart without circles."""
    if unit.letter_code and unit.active and code_holder(session, unit.letter_code, unit.unit_id):
        raise Invalid(fields={"letter_code": _("error_letter_code_taken", default="Another active unit has this letter code.")})
    if unit.successor and leads_back(session, unit.unit_id, unit.successor):
        reason = _("error_successor", default="No such unit, or this one is its successor.")
        raise Invalid(fields={"successor": reason})
    if not IAgency.providedBy(unit):
        return
    seen = {unit.unit_id}
    while parent:
        above = session.get(UnitRow, parent)
        if above is None or parent in seen or above.unit != above.agency:
            reason = _("error_parent_agency", default="No such agency, or it stands below this one.")
            raise Invalid(fields={"parent_agency": reason})
        seen.add(parent)
        parent = above.parent


def leads_back(session: Session, unit: str, successor: str) -> bool:
    """Whether there is no such successor, or its own successors lead back to the unit."""
    seen = {unit}
    while successor:
        row = session.get(UnitRow, successor)
        if row is None or successor in seen:
            return True
        seen.add(successor)
        successor = row.successor
    return False


def code_holder(session: Session, letter_code: str, beside: str) -> str | None:
    """The other active unit that has a letter code."""
    query = select(UnitRow.unit).where(UnitRow.letter_code == letter_code, UnitRow.active.is_(True), UnitRow.unit != beside)
    return session.scalars(query.limit(1)).first()


def _removed(unit: Any) -> None:
    session = session_of(unit)
    session.execute(delete(UnitName).where(UnitName.unit == unit.unit_id))
    session.execute(delete(UnitRow).where(UnitRow.unit == unit.unit_id))
    forget_posts()
    _note(unit, "unit-removed")


def _note(unit: Any, act: str) -> None:
    audit.append(
        session_of(unit),
        actor=current_actor(unit.unit_id),
        act=act,
        uid=unit.UID(),
        outcome="done",
        at=clock.now(),
        detail={"unit": unit.unit_id},
    )
