"""What the chain of approval refuses."""

from saraban import _
from saraban.errors import DomainError


class NotInSigning(DomainError):
    """It is a draft, or it has gone out."""

    code = "NotInSigning"
    text = _("error_not_in_signing", default="This letter is not waiting for a signature.")


class AlreadySigned(DomainError):
    """Everybody signs once."""

    code = "AlreadySigned"
    text = _("error_already_signed", default="You have already signed this letter.")


class NotYourTurn(DomainError):
    """Others in the chain come first."""

    code = "NotYourTurn"
    status = 403
    text = _("error_not_your_turn", default="It is not your turn yet: others approve or sign before you.")


class PostEnded(DomainError):
    """The appointment in which the person was to sign is over (E32)."""

    code = "PostEnded"
    status = 403
    text = _(
        "error_post_ended",
        default="Your appointment to the post in which you were to sign has ended. Ask for the letter to be submitted anew.",
    )
