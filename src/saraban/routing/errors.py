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


class NotDispatched(DomainError):
    """It has not been sent by us: there is nothing to recall, copy or cancel."""

    code = "NotDispatched"
    text = _("error_not_dispatched", default="This letter has not been dispatched.")


class NothingToRecall(DomainError):
    """Every receiver has registered it (E05), or does not hold it any more."""

    code = "NothingToRecall"
    text = _(
        "error_nothing_to_recall",
        default="There is nobody to recall this letter from: each receiver has registered it, returned it, or lost it already.",
    )


class AlreadyCancelled(DomainError):
    """It is cancelled once."""

    code = "AlreadyCancelled"
    text = _("error_already_cancelled", default="This letter has already been cancelled.")


class NotClosed(DomainError):
    """Only a closed matter can be opened again."""

    code = "NotClosed"
    text = _("error_not_closed", default="This matter is not closed.")


class NoteRequired(DomainError):
    """ตีกลับ needs a note (L19, E07)."""

    code = "NoteRequired"
    status = 400
    text = _("error_note_required", default="Say in a note why the letter is returned.")


class ReasonRequired(DomainError):
    """The act is explained, for those who read the register later."""

    code = "ReasonRequired"
    status = 400
    text = _("error_reason_required", default="A reason is required.")


class ReservationUnknown(DomainError):
    """No such reservation of this agency."""

    code = "ReservationUnknown"
    status = 400
    text = _("error_reservation_unknown", default="There is no such reserved number in this agency.")


class ReservationSpent(DomainError):
    """Used or cancelled (E11), or not to be chosen any more."""

    code = "ReservationSpent"
    text = _("error_reservation_spent", default="This reserved number was already used or cancelled, or has expired.")


class NumberOfALetter(DomainError):
    """Not a reserved number: it is cancelled with its letter (E10)."""

    code = "NumberOfALetter"
    text = _("error_number_of_a_letter", default="A letter bears this number. Cancel the letter: its number goes with it.")


class ReservationExpired(DomainError):
    """Not used in time (E11)."""

    code = "ReservationExpired"
    text = _(
        "error_reservation_expired",
        default="The reserved number ${number} was not used in time. Choose another number, or reserve a new one.",
    )


class SameLevel(DomainError):
    """A change of level changes it."""

    code = "SameLevel"
    text = _("error_same_level", default="The letter already has this level.")


class NotSecret(DomainError):
    """Persons are let in by name to secret letters only."""

    code = "NotSecret"
    text = _("error_not_secret", default="This letter is not secret.")


class SeriesEnded(DomainError):
    """The agency's administrator ended it: its register stays, numbers come no more."""

    code = "SeriesEnded"
    text = _("error_series_ended", default="This number series has ended; it gives no more numbers.")


class SeriesExists(DomainError):
    """An id names one series."""

    code = "SeriesExists"
    text = _("error_series_exists", default="This agency already has a number series with this id.")


class SeriesInUse(DomainError):
    """Numbers of one year are written in one way."""

    code = "SeriesInUse"
    text = _("error_series_in_use", default="The series has given numbers this year; its pattern can be changed next year.")


class NothingCorrected(DomainError):
    """A correction that changes nothing."""

    code = "NothingCorrected"
    status = 400
    text = _("error_nothing_corrected", default="Nothing was changed: a correction needs a text or a file that is different.")
