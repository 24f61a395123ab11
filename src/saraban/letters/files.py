"""What may be attached, told by the content and not by the name (L35, E46).

The content's type comes from libmagic; the name must agree with it. Programs, empty files and disguised content are
refused (`UnsupportedFile`, 415), too large files as well (`FileTooLarge`, 413).
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO

import magic

from saraban import _
from saraban.letters.errors import FileTooLarge, UnsupportedFile

LIMIT_MB = 100
"""Largest single file, in megabytes (`api.md`)."""
_HEAD = 8192

_ZIP = "application/zip"
_OLE = {"application/x-ole-storage", "application/CDFV2", "application/msword", "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint", "application/vnd.ms-office", "application/vnd.ms-outlook"}  # fmt: skip
_TEXT = {"text/plain", "text/csv", "application/json", "text/xml", "application/xml", "text/html", "message/rfc822",
         "application/csv", "text/rtf"}  # fmt: skip
_OOXML = "application/vnd.openxmlformats-officedocument."

KNOWN: dict[str, tuple[str, frozenset[str]]] = {
    ".pdf": ("application/pdf", frozenset({"application/pdf"})),
    ".docx": (_OOXML + "wordprocessingml.document", frozenset({_OOXML + "wordprocessingml.document", _ZIP})),
    ".xlsx": (_OOXML + "spreadsheetml.sheet", frozenset({_OOXML + "spreadsheetml.sheet", _ZIP})),
    ".pptx": (_OOXML + "presentationml.presentation", frozenset({_OOXML + "presentationml.presentation", _ZIP})),
    ".doc": ("application/msword", frozenset(_OLE)),
    ".xls": ("application/vnd.ms-excel", frozenset(_OLE)),
    ".ppt": ("application/vnd.ms-powerpoint", frozenset(_OLE)),
    ".msg": ("application/vnd.ms-outlook", frozenset(_OLE)),
    ".odt": ("application/vnd.oasis.opendocument.text", frozenset({"application/vnd.oasis.opendocument.text", _ZIP})),
    ".ods": (
        "application/vnd.oasis.opendocument.spreadsheet",
        frozenset({"application/vnd.oasis.opendocument.spreadsheet", _ZIP}),
    ),
    ".odp": (
        "application/vnd.oasis.opendocument.presentation",
        frozenset({"application/vnd.oasis.opendocument.presentation", _ZIP}),
    ),
    ".rtf": ("application/rtf", frozenset({"text/rtf", "application/rtf"})),
    ".txt": ("text/plain", frozenset(_TEXT)),
    ".csv": ("text/csv", frozenset(_TEXT)),
    ".json": ("application/json", frozenset(_TEXT)),
    ".xml": ("application/xml", frozenset(_TEXT)),
    ".eml": ("message/rfc822", frozenset(_TEXT)),
    ".tif": ("image/tiff", frozenset({"image/tiff"})),
    ".tiff": ("image/tiff", frozenset({"image/tiff"})),
    ".jpg": ("image/jpeg", frozenset({"image/jpeg"})),
    ".jpeg": ("image/jpeg", frozenset({"image/jpeg"})),
    ".png": ("image/png", frozenset({"image/png"})),
    ".gif": ("image/gif", frozenset({"image/gif"})),
    ".bmp": ("image/bmp", frozenset({"image/bmp", "image/x-ms-bmp"})),
    ".webp": ("image/webp", frozenset({"image/webp"})),
    ".zip": (_ZIP, frozenset({_ZIP})),
}
"""File name ending → (type that it is served as, types of content that it may hold)."""

_MACRO_PARTS = ("vbaproject.bin",)
_PROGRAMS = (b"#!", b"\x7felf", b"@echo off", b"<?php")
"""How programs begin that pass for text, in small letters."""
_PROGRAM_ENDINGS = {".exe", ".com", ".scr", ".dll", ".msi", ".bat", ".cmd", ".ps1", ".vbs", ".hta", ".jar", ".lnk"}
_OOXML_PART = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}


def safe_name(name: str) -> str:
    """The bare file name, without folders, signs that mislead, or more than 200 characters."""
    bare = PurePath(name.replace("\\", "/")).name
    bare = re.sub(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", "", bare).strip(". ")
    stem, dot, ending = bare.rpartition(".")
    return f"{stem[:190]}{dot}{ending[:10]}" if dot else bare[:200]


def check_announced(name: str, size: int, limit_mb: int = LIMIT_MB) -> None:
    """What can be said of a file before its content is there. Raises UnsupportedFile or FileTooLarge."""
    if size > limit_mb * 1024 * 1024:
        raise FileTooLarge(name=name, limit=limit_mb)
    if not size:
        raise UnsupportedFile(name=name, reason=_("file_empty", default="it is empty."))
    if PurePath(name.lower()).suffix not in KNOWN:
        raise UnsupportedFile(name=name, reason=_("file_unknown", default="this kind of file is not accepted."))


def check(name: str, content: BinaryIO, size: int, limit_mb: int = LIMIT_MB) -> str:
    """The type to serve the file as. Raises UnsupportedFile or FileTooLarge; leaves the content at its start."""
    check_announced(name, size, limit_mb)
    ending = PurePath(name.lower()).suffix
    content.seek(0)
    head = content.read(_HEAD)
    content.seek(0)
    served, allowed = KNOWN[ending]
    found = magic.from_buffer(head, mime=True)
    disguised = found not in allowed and not (found.startswith("text/") and served.startswith("text/"))
    if disguised or (allowed == _TEXT and head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PROGRAMS)):
        raise UnsupportedFile(name=name, reason=_("file_disguised", default="its content is not what its name says."))
    if _ZIP in allowed:
        _check_package(name, ending, content)
    return served


def _check_package(name: str, ending: str, content: BinaryIO) -> None:
    """An office file is a ZIP archive: it must hold the parts of its kind, and no macros; no archive holds programs."""
    try:
        with zipfile.ZipFile(content) as archive:
            parts = archive.namelist()
    except zipfile.BadZipFile:
        raise UnsupportedFile(name=name, reason=_("file_broken", default="it is broken.")) from None
    finally:
        content.seek(0)
    if any(PurePath(part.lower()).suffix in _PROGRAM_ENDINGS for part in parts):
        raise UnsupportedFile(name=name, reason=_("file_program", default="it holds a program."))
    if ending == ".zip":
        return
    wanted = _OOXML_PART.get(ending, "content.xml")
    if not any(part.startswith(wanted) for part in parts):
        raise UnsupportedFile(name=name, reason=_("file_disguised", default="its content is not what its name says."))
    if any(part.lower().endswith(_MACRO_PARTS) for part in parts):
        raise UnsupportedFile(name=name, reason=_("file_macro", default="it holds a program (macro)."))


def digest(content: BinaryIO) -> str:
    """SHA-256 of the whole content; leaves it at its start."""
    content.seek(0)
    found = hashlib.sha256()
    for block in _blocks(content):
        found.update(block)
    content.seek(0)
    return found.hexdigest()


def _blocks(content: BinaryIO, size: int = 1 << 20) -> Iterator[bytes]:
    while block := content.read(size):
        yield block
