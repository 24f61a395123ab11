"""Attaching a file that comes in pieces (tus 1.0): announced, sent piece by piece, attached like any other once it is whole."""

from __future__ import annotations

from typing import BinaryIO

import transaction
from plone.uuid.interfaces import IUUID

from saraban.errors import Missing
from saraban.letters import fields, files, uploads
from saraban.letters.content import Attachment, Letter
from saraban.letters.errors import FileTooLarge, UnsupportedFile
from saraban.letters.operations import attach, require_draft
from saraban.letters.uploads import Upload
from saraban.organisation.acting import current_person


def announce(letter: Letter, name: str, size: int, title: str = "") -> Upload:
    """The begin. Raises UnsupportedFile, FileTooLarge as far as can be known by now, NotADraft, Forbidden, Missing."""
    require_draft(letter)
    name = files.safe_name(name)
    files.check_announced(name, size)
    return uploads.begin(IUUID(letter), current_person(), name, fields.file_title(title), size, sealed=letter.is_secret)


def find(letter: Letter, key: str) -> Upload:
    """The person's own upload into this letter. Raises Missing, Forbidden, NotADraft."""
    require_draft(letter)
    found = uploads.known(key)
    if found is None or found.letter != IUUID(letter) or found.person != current_person() or found.sealed != letter.is_secret:
        raise Missing()
    return found


def go_on(letter: Letter, upload: Upload, start: int, content: BinaryIO) -> Attachment | None:
    """A further piece; the attachment with the last one, and again where that answer was lost.

    Raises UploadOffset, Invalid, and with the last piece what `attach` raises.
    """
    if upload.made:
        return letter._getOb(upload.made, None)
    uploads.keep(upload, start, content)
    if upload.offset < upload.size:
        return None
    with uploads.whole(upload) as file:
        try:
            attachment = attach(letter, upload.name, file, upload.size, upload.title)
        except (FileTooLarge, UnsupportedFile):
            uploads.drop(upload)
            raise
    transaction.get().addAfterCommitHook(uploads.finish, (upload, attachment.getId()))
    return attachment
