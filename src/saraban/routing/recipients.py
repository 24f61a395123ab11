"""To whom a letter may go: any active units, or all agencies (B1, B12, E20)."""

from __future__ import annotations

from typing import Any

from saraban import _
from saraban.organisation import chart
from saraban.organisation.chart import UnitInfo
from saraban.routing.errors import WrongRecipients

ALL = "all-agencies"
MOST = 2000
"""Most receiving units of one dispatch: more than the city has units."""


def _refuse(text: str, name: str) -> WrongRecipients:
    return WrongRecipients(fields={name: text})


def parse(value: Any, sender: str, owner_unit: str, name: str = "recipients") -> list[UnitInfo]:
    """The receiving units, in the order given, each once. Raises WrongRecipients (400).

    `all-agencies`, alone or in the list, means every agency open for routing but the sender's own (E20). `name` is the field
    that a refusal speaks of.
    """
    if value == ALL:
        value = [ALL]
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise _refuse(_("error_recipients_list", default="A list of units is asked for."), name)
    if not value:
        raise _refuse(_("error_recipients_empty", default="Choose at least one recipient."), name)
    if len(value) > MOST:
        raise _refuse(_("error_recipients_many", default="These are too many recipients."), name)
    found: dict[str, UnitInfo] = {}
    if ALL in value:
        found = {info.unit: info for info in chart.agencies() if info.unit != sender}
    named = [one for one in dict.fromkeys(value) if one != ALL]
    known = chart.units(named)
    for one in named:
        info = known.get(one)
        if info is None:
            raise _refuse(_("error_recipient_unknown", default="There is no unit “${unit}”.", mapping={"unit": one}), name)
        if not info.active:
            raise _refuse(_inactive(info), name)
        if one in (sender, owner_unit):
            raise _refuse(_("error_recipient_own", default="A letter cannot be sent to the unit that sends it."), name)
        found[one] = info
    return list(found.values())


def _inactive(info: UnitInfo) -> str:
    """Why nothing can be sent to a unit; where another has taken its place, which (E33)."""
    successor = chart.successor_of(info)
    if successor is None:
        return _("error_recipient_inactive", default="No letters can be sent to “${unit}”.", mapping={"unit": info.title_th})
    return _(
        "error_recipient_replaced",
        default="No letters can be sent to “${unit}”. Its successor is “${successor}” (${id}).",
        mapping={"unit": info.title_th, "successor": successor.title_th, "id": successor.unit},
    )


def has_already(info: UnitInfo, name: str = "recipients") -> WrongRecipients:
    """The refusal of a unit that holds the letter already."""
    return _refuse(
        _("error_recipient_has", default="“${unit}” already has this letter.", mapping={"unit": info.title_th}), name
    )
