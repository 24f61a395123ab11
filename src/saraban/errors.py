"""What a verb may refuse: each refusal has a stable code, an HTTP status and a sentence in the person's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from zope.i18nmessageid import Message

from saraban import _

REQUIRED = _("error_field_required", default="This is required.")
TEXT = _("error_field_text", default="This must be text.")
"""What many fields say."""


class DomainError(Exception):
    """A refusal by the rules of the domain: answered as 4xx JSON by REST, beside the field by forms."""

    code: ClassVar[str]
    status: ClassVar[int] = 409
    text: ClassVar[str]

    def __init__(self, *, fields: Mapping[str, str] | None = None, **mapping: object) -> None:
        self.fields = dict(fields or {})
        # A sentence within the sentence is translated with it, as long as it stays a message.
        self.mapping = {name: value if isinstance(value, Message) else str(value) for name, value in mapping.items()}
        super().__init__(self.code)

    @property
    def message(self) -> str:
        """The sentence, to be translated for the person who asked."""
        return Message(self.text, mapping=self.mapping) if self.mapping else self.text


class Invalid(DomainError):
    """What was sent is wrong; `fields` says where."""

    code = "Invalid"
    status = 400
    text = _("error_invalid", default="Some of what was entered is not valid.")


class Forbidden(DomainError):
    """May see, may not do."""

    code = "Forbidden"
    status = 403
    text = _("error_forbidden", default="Your post does not allow this.")


class Missing(DomainError):
    """Is not there, or may not be seen: the two cannot be told apart."""

    code = "NotFound"
    status = 404
    text = _("error_not_found", default="Nothing was found at this address.")
