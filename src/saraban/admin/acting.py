"""Who acts when a program does a person's work, and how it tries again when somebody else was in the way."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

Result = TypeVar("Result")
TRIES = 6


def act_as_registrar(site: Any, agency: Any) -> str:
    """Logs the registrar of the agency's central registry in: what the program registers stands under their name."""
    from AccessControl.SecurityManagement import newSecurityManager
    from sqlalchemy import select

    from saraban.ledger import clock
    from saraban.ledger.connection import reader
    from saraban.organisation.functions import REGISTRAR
    from saraban.organisation.tables import Appointment

    today = clock.today()
    query = (
        select(Appointment.person)
        .where(Appointment.unit == agency.unit_id, Appointment.function == REGISTRAR, Appointment.valid_from <= today)
        .where(Appointment.valid_until.is_(None) | (Appointment.valid_until >= today))
        .order_by(Appointment.id)
    )
    with reader(site) as session:
        persons = list(session.scalars(query))
    for person in persons:
        user = site.acl_users.getUserById(person)
        if user is not None:
            newSecurityManager(None, user)
            return person
    raise SystemExit(f"{agency.unit_id} has no registrar today: somebody must be appointed first.")


def retried(work: Callable[[], Result]) -> Result:
    """Does one transaction's work; gives it up and begins again where it met another's."""
    import transaction
    from transaction.interfaces import TransientError

    for attempt in range(TRIES):
        transaction.begin()
        try:
            return work()
        except TransientError:
            transaction.abort()
            if attempt == TRIES - 1:
                raise
            time.sleep(0.05 * 2**attempt)
        except BaseException:
            transaction.abort()
            raise
    raise AssertionError("unreachable")
