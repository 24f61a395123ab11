"""What the verbs on the way of a letter refuse."""

from saraban import _
from saraban.errors import DomainError


class AlreadyDispatched(DomainError):
    """A dispatched letter keeps its number; further receivers come by `send-copy`."""

    code = "AlreadyDispatched"
    text = _("error_already_dispatched", default="This letter has already been dispatched.")


class NotDispatchable(DomainError):
    """It is in the chain of approval, or cancelled."""

    code = "NotDispatchable"
    text = _("error_not_dispatchable", default="A letter in this state cannot be dispatched.")


class WrongRecipients(DomainError):
    """One or more receiving units are not possible; the field says which and why."""

    code = "WrongRecipients"
    status = 400
    text = _("error_wrong_recipients", default="The letter cannot be sent to these recipients.")


class NoLetterCode(DomainError):
    """A unit without a letter code cannot number letters."""

    code = "NoLetterCode"
    text = _("error_no_letter_code", default="This agency has no letter code, so its letters cannot be numbered.")


class AlreadyRegistered(DomainError):
    """ลงรับแล้ว: a delivery is registered once."""

    code = "AlreadyRegistered"
    text = _("error_already_registered", default="This letter has already been registered.")


class NotRegistered(DomainError):
    """ยังไม่ได้ลงรับ: only a registered delivery can be assigned or closed (E08)."""

    code = "NotRegistered"
    text = _("error_not_registered", default="This letter has not been registered yet.")


class AlreadyClosed(DomainError):
    """The matter has ended."""

    code = "AlreadyClosed"
    text = _("error_already_closed", default="This matter has already been closed.")


class Returned(DomainError):
    """It went back to its sender."""

    code = "Returned"
    text = _("error_returned", default="This letter was returned to its sender.")
