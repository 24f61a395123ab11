"""What a person may be in a unit, and the names of the groups that follow from it."""

from __future__ import annotations

from collections.abc import Iterable

from saraban import _

REGISTRAR = "registrar"
OFFICER = "officer"
HEAD = "head"
RECORDS = "records"
SECRET_REGISTRAR = "secret-registrar"  # noqa: S105 - a function's name
REGISTRATION = "registration"
ADMINISTRATOR = "administrator"

TITLES = {
    REGISTRAR: _("function_registrar", default="Registrar"),
    OFFICER: _("function_officer", default="Officer"),
    HEAD: _("function_head", default="Head"),
    RECORDS: _("function_records", default="Records manager"),
    SECRET_REGISTRAR: _("function_secret_registrar", default="Registrar of secret information"),
    REGISTRATION: _("function_registration", default="Officer of the registration files"),
    ADMINISTRATOR: _("function_administrator", default="Administrator of the agency"),
}
"""Every function, in the order of forms and lists."""

ROLES = {
    REGISTRAR: "Registrar",
    OFFICER: "Officer",
    HEAD: "Head",
    RECORDS: "Records Manager",
    SECRET_REGISTRAR: "Secret Registrar",
    ADMINISTRATOR: "Agency Administrator",
}
"""The role that a unit's group of a function has on the unit's object. Registration files give their own (archive)."""

DESK = "desk"
STAFF = "staff"
DERIVED_TITLES = {
    DESK: _("function_desk", default="Desk"),
    STAFF: _("function_staff", default="Staff"),
}

CAPACITIES = {
    "own": _("capacity_own", default="In the own post"),
    "by-delegation": _("capacity_by_delegation", default="By delegation"),
    "acting": _("capacity_acting", default="Acting for a head who is absent"),
    "caretaker": _("capacity_caretaker", default="Caretaker of a vacant post"),
    "in-place": _("capacity_in_place", default="In place of the head"),
}
CAPACITY_WORDS = {
    "by-delegation": ("ปฏิบัติราชการแทน", "for"),
    "acting": ("รักษาราชการแทน", "acting for"),
    "caretaker": ("รักษาการในตำแหน่ง", "caretaker of the post of"),
    "in-place": ("ทำการแทน", "in place of"),
}
"""As written below a signature: Thai, English."""


def group(unit: str, function: str) -> str:
    """The group of those who hold a function in a unit."""
    return f"{unit}:{function}"


def person_group(unit: str, person: str) -> str:
    """The group that is one person in one unit: whoever leaves the unit loses what this group was given (E34)."""
    return f"{unit}/{person}"


def agency_of(unit: str) -> str:
    """The agency that a unit stands in: unit ids begin with it."""
    return unit.partition(".")[0]


def groups_of(person: str, held: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The groups of a person who holds these (unit, function) pairs, each once, in a stable order."""
    groups: dict[str, None] = {}
    for unit, function in held:
        groups[group(unit, function)] = None
        if function in (REGISTRAR, HEAD):
            groups[group(unit, DESK)] = None
        groups[group(agency_of(unit), STAFF)] = None
        groups[person_group(unit, person)] = None
    return tuple(groups)


AUTHORITIES = (HEAD, SECRET_REGISTRAR)
"""Who speaks for an agency that stands above another (`routing.classify`)."""
SUPERIOR = "Superior Authority"
"""Their role in the agencies below theirs. It shows nothing: it counts on a letter that the person may see already."""


def local_roles(unit: str, superiors: Iterable[str] = ()) -> dict[str, list[str]]:
    """The local roles that a unit's object carries: from above come only the agency's staff and its administrators.

    `superiors` are the agencies above it.
    """
    roles = {group(unit, function): [role] for function, role in ROLES.items()}
    roles[group(agency_of(unit), STAFF)] = ["Staff"]
    roles[group(agency_of(unit), ADMINISTRATOR)] = [ROLES[ADMINISTRATOR]]
    for superior in superiors:
        roles.update({group(superior, function): [SUPERIOR] for function in AUTHORITIES})
    return roles
