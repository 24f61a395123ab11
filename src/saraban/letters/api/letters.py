"""Letters by REST: make, read, change, delete; attach and remove files."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from Acquisition import aq_parent
from plone import api

from saraban import _
from saraban.classification.levels import NORMAL
from saraban.errors import Invalid, Missing
from saraban.letters import operations
from saraban.letters.kinds import STATES
from saraban.letters.serialize import attachment_json, letter_json
from saraban.organisation.allow import VIEW, require
from saraban.organisation.rest import ReadService, VerbService, batch, one_of, window

SECRET_AT = "secret-at"  # noqa: S105 - a name in JSON
"""In a kept answer: where the letter is whose answer was not kept."""


def require_type(data: Mapping[str, Any], expected: str) -> None:
    """The `@type` of what was sent, where it is said. Raises Invalid."""
    if data.get("@type", expected) != expected:
        raise Invalid(
            fields={"@type": _("error_field_choice", default="This must be one of: ${names}.", mapping={"names": expected})}
        )


def wants_it_back(request: Any) -> bool:
    """Whether a change is answered with what it made, and not with 204."""
    return "return=representation" in (request.getHeader("Prefer") or "")


class Draft(VerbService):
    """`POST /agencies/<agency>/letters`."""

    success = 201
    numbered = True

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The draft, at its address."""
        require_type(data, "Letter")
        letter = operations.draft(aq_parent(self.context), data)
        self.request.response.setHeader("Location", letter.absolute_url())
        return letter_json(letter)

    def keep(self, answer: Any) -> str:
        """The text of a secret draft does not lie in the ledger: only where it is, to be read from there."""
        if answer["secrecy"] == NORMAL:
            return super().keep(answer)
        site = api.portal.get()
        place = "/".join(site.getPhysicalPath()) + answer["@id"].removeprefix(site.absolute_url())
        return json.dumps({SECRET_AT: place})

    def again(self, kept: str) -> Any:
        """The letter as it now is, where the first answer could not be kept. Raises Missing for who may not see it any more."""
        answer = super().again(kept)
        if SECRET_AT not in answer:
            return answer
        letter = self.context.unrestrictedTraverse(answer[SECRET_AT], None)
        if letter is None:
            raise Missing()
        require(VIEW, letter)
        return letter_json(letter)


class SecretLetters(ReadService):
    """`GET /agencies/<agency>/@secret-letters?state=`: the agency's secret letters that the person may read.

    They are in no index, so they are listed from the ledger, for their appointed readers alone.
    """

    def answer(self) -> Mapping[str, Any]:
        """The newest first."""
        start, size = window(self.request)
        total, found = operations.secret_letters(self.context, one_of(self.request, "state", STATES), start=start, size=size)
        items = [letter_json(letter) for letter in found]
        return batch(self.request, f"{self.context.absolute_url()}/@secret-letters", total, items)


class Get(ReadService):
    """`GET <letter>`."""

    def answer(self) -> Mapping[str, Any]:
        """The whole letter."""
        return letter_json(self.context)


class Edit(VerbService):
    """`PATCH <letter>`: changes a draft."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any] | None:
        """204, or the letter where `Prefer: return=representation` asks for it."""
        operations.edit(self.context, data)
        return letter_json(self.context) if wants_it_back(self.request) else None


class Delete(VerbService):
    """`DELETE <letter>`: a draft that never had a number."""

    def run(self, data: dict[str, Any]) -> None:
        """204."""
        operations.delete(self.context)


class Attach(VerbService):
    """`POST <letter>` with an Attachment."""

    success = 201

    def run(self, data: dict[str, Any]) -> Mapping[str, Any]:
        """The attachment, at its address."""
        require_type(data, "Attachment")
        name, content = file_of(data.get("file"))
        attachment = operations.attach(self.context, name, BytesIO(content), len(content), data.get("title") or "")
        self.request.response.setHeader("Location", attachment.absolute_url())
        return attachment_json(attachment)


class GetAttachment(ReadService):
    """`GET <attachment>`."""

    def answer(self) -> Mapping[str, Any]:
        """What it is, and where it is downloaded."""
        return attachment_json(self.context)


class ChangeAttachment(VerbService):
    """`PATCH <attachment>` of a draft: another title, another file in its place."""

    def run(self, data: dict[str, Any]) -> Mapping[str, Any] | None:
        """204, or the attachment where `Prefer: return=representation` asks for it."""
        file = None
        if "file" in data:
            name, content = file_of(data["file"])
            file = name, BytesIO(content), len(content)
        operations.change_attachment(self.context, data.get("title"), file)
        return attachment_json(self.context) if wants_it_back(self.request) else None


class Detach(VerbService):
    """`DELETE <attachment>` of a draft."""

    def run(self, data: dict[str, Any]) -> None:
        """204."""
        operations.detach(self.context)


def file_of(value: Any) -> tuple[str, bytes]:
    """Name and content of a file as plone.restapi takes it. Raises Invalid."""
    wrong = Invalid(fields={"file": _("error_file_json", default="A file with name, encoding and data is asked for.")})
    if not isinstance(value, Mapping) or not isinstance(value.get("data"), str) or not isinstance(value.get("filename"), str):
        raise wrong
    if value.get("encoding", "base64") != "base64":
        raise wrong
    try:
        return value["filename"], base64.b64decode(value["data"], validate=True)
    except (binascii.Error, ValueError):
        raise wrong from None
