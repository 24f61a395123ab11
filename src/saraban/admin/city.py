"""The demo city: 78 agencies, their sections, and the accounts of `api.md`, all with one password."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import transaction
from plone.dexterity.utils import createContent
from sqlalchemy import select
from zope.event import notify
from zope.lifecycleevent import ObjectCreatedEvent

from saraban.admin.names import full_name
from saraban.classification.levels import LEVELS
from saraban.classification.tables import Clearance
from saraban.data import table
from saraban.ledger import audit, clock
from saraban.ledger.connection import session_of
from saraban.organisation import functions
from saraban.organisation.acting import SYSTEM
from saraban.organisation.posts import forget_posts
from saraban.organisation.tables import Appointment

SINCE = date(2020, 10, 1)
"""The demo posts are held since the beginning of that fiscal year."""
SECRET_AGENCIES = frozenset({"permanent-secretary-secretariat", "district-dusit", "district-phra-nakhon"})

HEADS = {
    "council-secretariat": ("เลขานุการสภากรุงเทพมหานคร", "Secretary to the BMA Council"),
    "governor-secretariat": (
        "หัวหน้าสำนักงานเลขานุการผู้ว่าราชการกรุงเทพมหานคร",
        "Head of the Office of the Secretary to the Governor",
    ),
    "civil-service-commission": (
        "หัวหน้าสำนักงานคณะกรรมการข้าราชการกรุงเทพมหานคร",
        "Head of the Office of the BMA Civil Service Commission",
    ),
    "permanent-secretary": ("ปลัดกรุงเทพมหานคร", "Permanent Secretary for the BMA"),
}


@dataclass(frozen=True)
class Account:
    """A demo account and the posts that it holds: unit, function, title in Thai and English."""

    person: str
    posts: tuple[tuple[str, str, str, str], ...]
    role: str = ""


def head_post(agency: dict[str, str]) -> tuple[str, str]:
    """What the head of an agency is called."""
    if agency["id"] in HEADS:
        return HEADS[agency["id"]]
    thai, english = agency["name_th"], agency["name_en"]
    if agency["kind"] == "district":
        return f"ผู้อำนวยการ{thai.removeprefix('สำนักงาน')}", f"Director, {english}"
    return f"ผู้อำนวยการ{thai}", f"Director, {english}"


def accounts_of(agency: dict[str, str]) -> Iterator[Account]:
    """The accounts of an agency, as `api.md` lists them."""
    id_ = agency["id"]
    general = f"{id_}.general"
    section = next(row for row in sections_of(agency) if row["id"] == "general")
    clerk = ("เจ้าพนักงานธุรการปฏิบัติงาน", "General Service Officer")
    yield Account(f"registrar.{id_}", ((id_, functions.REGISTRAR, "เจ้าพนักงานธุรการชำนาญงาน", "Senior General Service Officer"),))
    yield Account(f"officer.{id_}", ((general, functions.OFFICER, *clerk), (general, functions.REGISTRAR, *clerk)))
    yield Account(f"chief.{id_}", ((general, functions.HEAD, f"หัวหน้า{section['name_th']}", f"Chief, {section['name_en']}"),))
    yield Account(f"director.{id_}", ((id_, functions.HEAD, *head_post(agency)),))
    yield Account(f"records.{id_}", ((id_, functions.RECORDS, "เจ้าพนักงานธุรการ (งานเก็บเอกสาร)", "Records Officer"),))
    if agency["kind"] == "district":
        post = ("เจ้าพนักงานปกครองชำนาญการ (ฝ่ายทะเบียน)", "Registration Officer")
        yield Account(f"registration.{id_}", ((f"{id_}.registration", functions.REGISTRATION, *post),))
    if id_ in SECRET_AGENCIES:
        post = ("นายทะเบียนข้อมูลข่าวสารลับ", "Registrar of Secret Information")
        yield Account(f"secret.{id_}", ((id_, functions.SECRET_REGISTRAR, *post),))


def sections_of(agency: dict[str, str]) -> list[dict[str, str]]:
    """The units right below an agency: a district has its ten sections."""
    column = "district" if agency["kind"] == "district" else "other"
    return [row for row in table("sections") if row[column] == "yes"]


def build_city(
    site: Any,
    password: str,
    *,
    agencies: Iterable[str] | None = None,
    progress: Callable[[str], None] | None = None,
    commit: Callable[[], None] = transaction.commit,
) -> int:
    """Adds what is missing of the demo city; commits after each agency; answers how many agencies the city has.

    `agencies`: only these (tests build a hamlet).
    """
    wanted = None if agencies is None else frozenset(agencies)
    rows = [row for row in table("agencies") if wanted is None or row["id"] in wanted]
    begin(site, password)
    commit()
    for row in rows:
        if progress is not None:
            progress(row["id"])
        _agency(site, row)
        for account in accounts_of(row):
            _account(site, account, password)
            _clear(site, account)
        commit()
    forget_posts()
    return len(rows)


def begin(
    site: Any, password: str, accounts: Iterable[tuple[str, str]] = (("site-admin", "Manager"), ("auditor", "Auditor"))
) -> None:
    """The place for agencies, and accounts that hold no post: person and role."""
    _agencies(site)
    for person, role in accounts:
        _account(site, Account(person, (), role), password)


def _place(container: Any, portal_type: str, name: str, values: dict[str, Any]) -> Any:
    found = container._getOb(name, None)
    if found is not None:
        return found
    item = createContent(portal_type, **values)
    item.id = name
    notify(ObjectCreatedEvent(item))
    container._setObject(name, item)
    return container._getOb(name)


def _agencies(site: Any) -> Any:
    return _place(site, "Agencies", "agencies", {"title": "หน่วยงาน"})


def _agency(site: Any, row: dict[str, str]) -> None:
    parent = row["parent"] if row["parent"] in site.agencies else ""
    agency = _place(
        site.agencies,
        "Agency",
        row["id"],
        {
            "title": row["name_th"],
            "title_en": row["name_en"],
            "abbreviation": row["abbreviation"],
            "kind": row["kind"],
            "parent_agency": parent,
            "letter_code": row["letter_code"],
            "planning_code": row["planning_code"],
            "dopa_code": row["dopa_code"],
            "active": row["active_for_routing"] == "yes",
        },
    )
    for section in sections_of(row):
        values = {"title": section["name_th"], "title_en": section["name_en"], "kind": "section"}
        _place(agency, "Unit", section["id"], values)


def _account(site: Any, account: Account, password: str) -> None:
    """An account with its posts, when it is not there yet. Each password has a salt of its own."""
    folder = site.acl_users
    person = account.person
    if person in folder.source_users.listUserIds():
        return
    folder.source_users.addUser(person, person, password)
    for role in ("Member", account.role):
        if role:
            folder.portal_role_manager.assignRoleToPrincipal(role, person)
    member = site.portal_membership.getMemberById(person)
    member.setMemberProperties({"fullname": full_name(person), "email": f"{person}@bangkok.example"})
    _appoint(site, account)


def _clear(site: Any, account: Account) -> None:
    """A registrar of secret information is cleared for both levels, when no clearance was ever given."""
    if not any(function == functions.SECRET_REGISTRAR for _unit, function, _thai, _english in account.posts):
        return
    session = session_of(site)
    at = clock.now()
    if session.scalars(select(Clearance.id).where(Clearance.person == account.person).limit(1)).first():
        return
    for level in LEVELS:
        row = Clearance(
            person=account.person,
            level=level,
            order_number="1/2563",
            order_date=SINCE,
            valid_from=SINCE,
            given_by=SYSTEM.person,
            given_at=at,
        )
        session.add(row)
        session.flush()
        detail = {"clearance": row.id, "person": row.person, "level": level}
        audit.append(session, actor=SYSTEM, act="clear", uid="", outcome=audit.DONE, at=at, detail=detail)


def _appoint(site: Any, account: Account) -> None:
    if not account.posts:
        return
    session = session_of(site)
    at = clock.now()
    if session.scalars(select(Appointment.id).where(Appointment.person == account.person).limit(1)).first():
        return
    for unit, function, thai, english in account.posts:
        row = Appointment(
            person=account.person,
            unit=unit,
            function=function,
            post_th=thai,
            post_en=english,
            order_number="1/2563" if function == functions.SECRET_REGISTRAR else "",
            valid_from=SINCE,
            created_by=SYSTEM.person,
            created_at=at,
        )
        session.add(row)
        session.flush()
        detail = {"appointment": row.id, "person": row.person, "unit": unit, "function": function}
        audit.append(session, actor=SYSTEM, act="appoint", uid="", outcome=audit.DONE, at=at, detail=detail)
