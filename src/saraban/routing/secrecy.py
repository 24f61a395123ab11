"""Who may do what with a secret letter, and to whom it may go (`domain.md` 2.4): questions that the verbs ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from AccessControl import getSecurityManager

from saraban import _
from saraban.classification.clearances import is_cleared, ready_units, registrar_levels
from saraban.classification.levels import NORMAL
from saraban.errors import Forbidden, Invalid
from saraban.organisation.acting import current_person
from saraban.organisation.allow import may, require
from saraban.organisation.chart import UnitInfo
from saraban.routing.errors import WrongRecipients

DISPATCH = "Saraban: Dispatch letter"


def handles(unit: str, secrecy: str, context: Any) -> bool:
    """Whether the logged-in person is the registrar of a unit for letters of this level.

    Secret letters are for registrars of secret information who are cleared, and for nobody else; all others are not for them.
    """
    if secrecy != NORMAL:
        return secrecy in registrar_levels(current_person(), unit)
    user = getSecurityManager().getUser()
    return not user.getId() or "Registrar" in user.getRolesInContext(context)


def may_send(letter: Any) -> bool:
    """Whether the logged-in person numbers and sends the letter."""
    return may(DISPATCH, letter) and handles(letter.agency, letter.secrecy, letter)


def require_sender(letter: Any) -> None:
    """Raises Missing, or Forbidden unless the person numbers and sends the letter."""
    require(DISPATCH, letter)
    if not handles(letter.agency, letter.secrecy, letter):
        raise Forbidden()


def require_receivers(secrecy: str, receivers: Iterable[UnitInfo], name: str = "recipients") -> None:
    """A secret letter goes from secret registrar to secret registrar. Raises WrongRecipients."""
    if secrecy == NORMAL:
        return
    wanted = list(receivers)
    ready = ready_units(secrecy, [info.unit for info in wanted])
    for info in wanted:
        if info.unit not in ready:
            text = _(
                "error_recipient_not_cleared",
                default="“${unit}” has no registrar of secret information who is cleared for this level.",
                mapping={"unit": info.title_th},
            )
            raise WrongRecipients(fields={name: text})


def require_cleared_persons(secrecy: str, persons: Mapping[str, str], name: str = "users") -> None:
    """Work on a secret letter goes to cleared persons only. Raises Invalid."""
    for person in persons if secrecy != NORMAL else ():
        if not is_cleared(person, secrecy):
            text = _("error_not_cleared", default="“${user}” is not cleared for this level.", mapping={"user": person})
            raise Invalid(fields={name: text})
