"""The text of one file: the program of a child process, for a stranger's file may do anything to whoever reads it.

`python -I extract.py KIND MOST [FOLDER …]`: the file on standard input, its text on standard output, at most MOST characters.
It takes limits upon itself before it looks at the file: processor, memory, what it may write and open. A package (DOCX …)
is read as a stream, so that a bomb meets a limit and never the memory. Nothing of Saraban is imported here; the folders are
those of libraries.
"""

from __future__ import annotations

import codecs
import os
import re
import resource
import sys
import zipfile
from collections.abc import Iterable
from typing import IO, Any
from xml.parsers import expat

CPU_SECONDS = 20
MEMORY = 512 * 1024 * 1024
UNPACKED = 96 * 1024 * 1024
"""Bytes that may come out of a package."""
PDF_PAGES = 1000
RTF_BYTES = 8 * 1024 * 1024
"""What comes behind is pictures, mostly: RTF writes each byte of them as two letters."""
_OPEN_FILES = 64
_BLOCK = 1 << 16
_NUMBER = re.compile(r"\d+")
_BREAKS = frozenset({"p", "h", "si", "br", "tab", "row", "table-cell", "line-break", "s", "c"})
"""Elements behind which something new begins, in all of these formats."""
PARTS = {
    "docx": r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml",
    "xlsx": r"xl/(?:sharedStrings|worksheets/sheet\d+)\.xml",
    "pptx": r"ppt/(?:slides/slide|notesSlides/notesSlide)\d+\.xml",
    "odf": r"content\.xml",
}
"""Which parts of a package hold text."""


class Refused(Exception):
    """The file is not read, and why."""


class Enough(Exception):
    """As much text as is kept."""


class Text:
    """Gathers text until it is enough."""

    def __init__(self, most: int) -> None:
        self._left = most
        self._pieces: list[str] = []

    def add(self, piece: str) -> None:
        """Raises Enough."""
        self._pieces.append(piece[: self._left])
        self._left -= len(piece)
        if self._left <= 0:
            raise Enough

    def __str__(self) -> str:
        return "".join(self._pieces)


class Reader:
    """The text of the XML parts of a package: of elements `t` (Office), or of the whole body (OpenDocument)."""

    def __init__(self, text: Text, every: bool) -> None:
        self._text = text
        self._every = every
        self._in_text = 0
        self._unpacked = 0

    def read(self, part: IO[bytes]) -> None:
        """One part, as a stream."""
        parser: Any = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype
        self._in_text = 0
        while block := part.read(_BLOCK):
            self._unpacked += len(block)
            if self._unpacked > UNPACKED:
                raise Refused(f"it unpacks to more than {UNPACKED >> 20} MB")
            parser.Parse(block, False)
        parser.Parse(b"", True)

    def _begin(self, name: str, _attributes: object) -> None:
        local = name.rpartition("}")[2]
        self._in_text += local == ("body" if self._every else "t")

    def _end(self, name: str) -> None:
        local = name.rpartition("}")[2]
        self._in_text -= local == ("body" if self._every else "t")
        if local in _BREAKS:
            self._text.add("\n" if local in ("p", "h", "si", "row") else " ")

    def _characters(self, data: str) -> None:
        if self._in_text:
            self._text.add(data)

    def _doctype(self, *_declaration: object) -> None:
        # An office program writes none; entities are what one is put there for.
        raise Refused("it declares a document type")


def package(kind: str, content: IO[bytes], text: Text) -> None:
    """DOCX, XLSX, PPTX, OpenDocument. Raises Refused."""
    wanted = re.compile(PARTS[kind])
    reader = Reader(text, every=kind == "odf")
    with zipfile.ZipFile(content) as archive:
        for name in sorted((name for name in archive.namelist() if wanted.fullmatch(name)), key=_order):
            with archive.open(name) as part:
                reader.read(part)


def _order(name: str) -> tuple[str, int]:
    """Slide 2 before slide 10."""
    number = _NUMBER.search(name)
    return _NUMBER.sub("", name), int(number[0]) if number else 0


def plain(data: bytes) -> str:
    """A text file in the encodings that are met here: Unicode by its mark or by its form, else Thai of one byte a letter."""
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp874"):
        try:
            # The last character may be cut.
            return codecs.getincrementaldecoder(encoding)().decode(data)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def rtf(data: bytes) -> str:
    """RTF; its own directives say the encoding."""
    from striprtf.striprtf import rtf_to_text

    return str(rtf_to_text(data.decode("latin-1"), encoding="cp874", errors="ignore"))


def take_limits(most: int) -> None:
    """From here on nothing can take more than its share."""
    os.nice(10)
    for limit, value in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 4 * most),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))


def pdf() -> None:
    """Becomes poppler's program, under the same limits."""
    options = ["-q", "-enc", "UTF-8", "-nopgbrk", "-eol", "unix", "-l", str(PDF_PAGES)]
    try:
        os.execvp("pdftotext", ["pdftotext", *options, "/dev/stdin", "-"])  # noqa: S606 - there is no shell here
    except FileNotFoundError:
        raise Refused("pdftotext is not installed (poppler-utils)") from None


def main(kind: str, most: int, folders: Iterable[str]) -> None:
    """Writes the text. Raises Refused, and whatever a broken file makes a library raise."""
    take_limits(most)
    sys.path.extend(folders)
    if kind == "pdf":
        pdf()
    text = Text(most)
    try:
        if kind in PARTS:
            package(kind, sys.stdin.buffer, text)
        elif kind == "rtf":
            text.add(rtf(sys.stdin.buffer.read(RTF_BYTES)))
        else:
            text.add(plain(sys.stdin.buffer.read(4 * most)))
    except Enough:
        pass  # the beginning is what is searched
    sys.stdout.buffer.write(str(text).encode("utf-8", "replace"))


if __name__ == "__main__":
    try:
        main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
    except Exception as trouble:  # noqa: BLE001 - told to the administrator, without anything of the content
        said = str(trouble) if isinstance(trouble, Refused) else type(trouble).__name__
        sys.exit(said)
