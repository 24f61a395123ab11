"""What circulars refuse."""

from saraban import _
from saraban.errors import DomainError


class NotReceived(DomainError):
    """Only a circular that came to the person's agency is acknowledged."""

    code = "NotReceived"
    text = _("error_not_received", default="This circular was not sent to your agency.")
