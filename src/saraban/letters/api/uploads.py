"""`@tus-upload` on a letter: large files in pieces, by the tus protocol 1.0 as plone.restapi speaks it."""

from __future__ import annotations

import base64
import binascii
from abc import ABC, abstractmethod
from email.utils import formatdate
from typing import Any, ClassVar

from plone.protect.interfaces import IDisableCSRFProtection
from plone.restapi.services import Service
from zope.interface import alsoProvides, implementer
from zope.publisher.interfaces import IPublishTraverse

from saraban import _
from saraban.errors import Invalid, Missing
from saraban.letters import uploading
from saraban.letters.api.letters import require_type
from saraban.letters.errors import UnknownTusVersion
from saraban.letters.operations import require_draft
from saraban.letters.uploads import Upload

VERSION = "1.0.0"
PIECE = "application/offset+octet-stream"


class _Tus(Service, ABC):
    """One request of the protocol."""

    below: ClassVar[str] = ""
    """What follows in the address, for the OpenAPI description."""

    def reply(self) -> Any:
        """plone.restapi's entry."""
        require_draft(self.context)
        response = self.request.response
        response.setHeader("Tus-Version", VERSION)
        if self.request.getHeader("Tus-Resumable") != VERSION:
            raise UnknownTusVersion()
        response.setHeader("Tus-Resumable", VERSION)
        response.setHeader("Cache-Control", "no-store")
        content = self.reply_no_content(self.answer())
        response.setStatus(response.getStatus(), lock=1)  # else an empty 200 becomes a 204
        return content

    @abstractmethod
    def answer(self) -> int:
        """The status; everything else is said by headers."""

    def say(self, upload: Upload) -> None:
        """How far the upload is, and until when it may go on."""
        self.request.response.setHeader("Upload-Offset", str(upload.offset))
        self.request.response.setHeader("Upload-Expires", formatdate(upload.expires, usegmt=True))

    def whole(self, name: str) -> int:
        """A length or an offset of the headers. Raises Invalid."""
        value = self.request.getHeader(name) or ""
        if not value.isdecimal() or not value.isascii():
            raise Invalid(fields={name: _("error_number", default="A whole number is asked for.")})
        return int(value)


class Options(Service):
    """`OPTIONS <letter>/@tus-upload`: what is spoken here."""

    def reply(self) -> Any:
        """204, and the headers of the protocol."""
        for name, value in (("Tus-Resumable", VERSION), ("Tus-Version", VERSION), ("Tus-Extension", "creation,expiration")):
            self.request.response.setHeader(name, value)
        return self.reply_no_content()


class Begin(_Tus):
    """`POST <letter>/@tus-upload`: announces a file (`Upload-Length`, and `filename` and `title` in `Upload-Metadata`)."""

    empty = 201

    def answer(self) -> int:
        """201; `Location` says where its pieces go."""
        known = self.metadata()
        require_type(known, "Attachment")
        if not known.get("filename"):
            raise Invalid(fields={"Upload-Metadata": _("error_upload_name", default="The name of the file is missing.")})
        upload = uploading.announce(self.context, known["filename"], self.whole("Upload-Length"), known.get("title", ""))
        self.request.response.setHeader("Location", f"{self.context.absolute_url()}/@tus-upload/{upload.key}")
        self.say(upload)
        return 201

    def metadata(self) -> dict[str, str]:
        """Names and values. Raises Invalid."""
        pairs = [item.split() for item in (self.request.getHeader("Upload-Metadata") or "").split(",")]
        try:
            return {pair[0].lower(): base64.b64decode("".join(pair[1:]), validate=True).decode() for pair in pairs if pair}
        except (binascii.Error, ValueError):
            raise Invalid(
                fields={"Upload-Metadata": _("error_upload_metadata", default="Names and values in base64 are asked for.")}
            ) from None


@implementer(IPublishTraverse)
class _Known(_Tus):
    below = "/{upload}"
    key = ""

    def publishTraverse(self, request: Any, name: str) -> Any:  # noqa: N802 - Zope's name
        """The upload's key."""
        if self.key:
            raise Missing()
        self.key = name
        return self


class Tell(_Known):
    """`HEAD <letter>/@tus-upload/<upload>`: how much has come."""

    def answer(self) -> int:
        """200; `Upload-Offset` and `Upload-Length` say it."""
        upload = uploading.find(self.context, self.key)
        self.request.response.setHeader("Upload-Length", str(upload.size))
        self.say(upload)
        return 200


class Continue(_Known):
    """`PATCH <letter>/@tus-upload/<upload>`: a piece, from `Upload-Offset` on; the last one makes the attachment."""

    def answer(self) -> int:
        """204; `Location` is the attachment's address once the file is whole."""
        alsoProvides(self.request, IDisableCSRFProtection)
        upload = uploading.find(self.context, self.key)
        if (self.request.getHeader("Content-Type") or "").partition(";")[0].strip() != PIECE:
            raise Invalid(
                fields={
                    "Content-Type": _("error_field_choice", default="This must be one of: ${names}.", mapping={"names": PIECE})
                }
            )
        attachment = uploading.go_on(self.context, upload, self.whole("Upload-Offset"), self.request.get("BODYFILE"))
        if attachment is not None:
            self.request.response.setHeader("Location", attachment.absolute_url())
            self.request.response.setHeader("Upload-Offset", str(upload.size))
        else:
            self.say(upload)
        return 204
