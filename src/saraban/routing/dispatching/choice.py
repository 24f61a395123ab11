"""To whom: units and groups as a form gives them, and as the picker shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from saraban import _
from saraban.organisation import chart
from saraban.organisation.chart import UnitInfo

KINDS: dict[str, str] = {
    "district": _("units_districts", default="District offices"),
    "department": _("units_departments", default="Departments"),
}
OTHERS = _("units_others", default="Other agencies")


@dataclass(frozen=True)
class Group:
    """Units that can be chosen at once, without the sender's own."""

    name: str
    title: str
    units: tuple[str, ...]


def groups(own: Iterable[str]) -> list[Group]:
    """The groups, without the units that a letter cannot be sent to from here."""
    left = set(own)
    return [
        Group(name, title, tuple(unit for unit in units if unit not in left))
        for name, title, units in chart.recipient_groups()
        if any(unit not in left for unit in units)
    ]


def expanded(chosen: Sequence[str], known: Sequence[Group]) -> list[str]:
    """The units of what was chosen, each once, groups opened."""
    members = {group.name: group.units for group in known}
    return list(dict.fromkeys(unit for one in chosen for unit in members.get(one, (one,))))


def lists(own: Iterable[str], language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """All agencies by kind, id and name: what stands there without a script."""
    left = set(own)
    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind in (*KINDS, "")}
    for agency in chart.agencies():
        if agency.unit not in left:
            found[agency.kind if agency.kind in KINDS else ""].append((agency.unit, agency.title(language)))
    return [(KINDS.get(kind, OTHERS), units) for kind, units in found.items() if units]


def titles(units: Sequence[UnitInfo], language: str) -> list[str]:
    """Their names, in the order chosen."""
    return [info.title(language) for info in units]
