"""What circulars refuse."""

from saraban import _
from saraban.errors import DomainError


class NotReceived(DomainError):
    """Only a circular that came to the person's agency is acknowledged."""

    code = "NotReceived"
    text = _("error_not_received", default="This circular was not sent to your agency.")


class NobodyToRemind(DomainError):
    """All have read it, or were reminded and have not looked since."""

    code = "NobodyToRemind"
    text = _("error_nobody_to_remind", default="Nobody is left to remind: all have read it, or were reminded just now.")
