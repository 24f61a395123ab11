"""What the room of secrecy refuses."""

from saraban import _
from saraban.errors import DomainError


class SecretKeyMissing(DomainError):
    """The installation's key is not there: what is sealed stays sealed, and nothing new can be sealed."""

    code = "SecretKeyMissing"
    status = 503
    text = _("error_secret_key_missing", default="Secret letters cannot be opened now. Tell the administrator of the system.")


class NotCleared(DomainError):
    """Somebody was named who is not cleared for the level."""

    code = "NotCleared"
    status = 400
    text = _("error_not_cleared", default="“${user}” is not cleared for this level.")


class NobodyCleared(DomainError):
    """The level would leave the letter without a registrar who may see it."""

    code = "NobodyCleared"
    status = 400
    text = _(
        "error_nobody_cleared",
        default="The agency has no registrar of secret information who is cleared for this level.",
    )
