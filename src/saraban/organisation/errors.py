"""What the chart, appointments and the door refuse."""

from __future__ import annotations

from typing import ClassVar

from saraban import _
from saraban.errors import DomainError


class UnitInUse(DomainError):
    """Something in the ledger names the unit: it is ended, never deleted."""

    code = "UnitInUse"
    text = _("error_unit_in_use", default="This unit has appointments, letters or register entries: end it instead.")


class UnitFixed(DomainError):
    """A unit keeps its id and its agency."""

    code = "UnitFixed"
    text = _("error_unit_fixed", default="A unit keeps its id and its agency.")


class AlreadyAppointed(DomainError):
    """The person holds this function in this unit already."""

    code = "AlreadyAppointed"
    text = _("error_already_appointed", default="${person} holds this function in this unit already.")


class AppointmentEnded(DomainError):
    """The appointment is not in force any more."""

    code = "AppointmentEnded"
    text = _("error_appointment_ended", default="This appointment has ended already.")


class SelfAppointment(DomainError):
    """Nobody gives a function to themselves."""

    code = "SelfAppointment"
    status = 403
    text = _("error_self_appointment", default="Nobody may appoint themselves.")


class AccountLocked(DomainError):
    """Too many wrong passwords from one address."""

    code = "AccountLocked"
    status = 429
    text = _("error_account_locked", default="Too many wrong passwords. Try again in ${minutes} minutes.")
    retry_after: ClassVar[int] = 900

    def __init__(self, seconds: int = 900) -> None:
        super().__init__(minutes=max(1, -(-seconds // 60)))
        self.seconds = max(1, seconds)
