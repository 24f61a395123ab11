"""A PDF file written from front to back: each page goes out when it is full, fonts and contents table come at the end.

So a book of any length needs the memory of one page and eight octets for each object before it. Every page may draw the form
`Total`, which is written last and says how many pages there are. The parts of a file can be made at different times:
`head()`, then any number of `page(…)`, then `tail(sizes of the pages' objects)`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from saraban.registers.printed.type import EM, Face, Run, face

A4 = (841.89, 595.28)
"""Width and height in points, lying."""
A5 = (595.28, 419.53)
FACES = (False, True)
"""Regular is /F0, bold /F1."""
_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_CATALOG, _PAGES, _INFO, _TOTAL = 1, 2, 3, 4
_FONT = {bold: 5 + 6 * index for index, bold in enumerate(FACES)}
_FIRST = 17
"""The number of the first page's object; before it stand those of the whole file."""


@dataclass
class Canvas:
    """The drawing of one page; lengths in points from the lower left corner."""

    parts: list[str] = field(default_factory=list)

    def text(self, run: Run, x: float, y: float, size: float, bold: bool = False) -> None:
        """A line of glyphs on its base line, with what it says: from the places of marks alone readers guess wrong."""
        if run.glyphs:
            font = face(bold)
            said = _utf16("".join(font.texts.get(glyph.code, "") for glyph in run.glyphs))
            shown = f"BT /F{int(bold)} {size:g} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm\n{_shown(run, size, font)}\nET"
            self.parts.append(f"/Span<</ActualText<{said}>>>BDC\n{shown}\nEMC")

    def say(self, text: str, x: float, y: float, size: float, bold: bool = False, centred: bool = False) -> float:
        """A text on one line, around x if centred; gives its length."""
        run = face(bold).shape(text)
        length = run.length * size / EM
        self.text(run, x - length / 2 if centred else x, y, size, bold)
        return length

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float = 0.5) -> None:
        """A rule."""
        self.parts.append(f"{width:g} w {x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l S")

    def box(self, x: float, y: float, width: float, height: float, stroke: float = 0.5) -> None:
        """A frame."""
        self.parts.append(f"{stroke:g} w {x:.2f} {y:.2f} {width:.2f} {height:.2f} re S")

    def total(self, x: float, y: float) -> None:
        """How many pages the file has, known when it is finished."""
        self.parts.append(f"q 1 0 0 1 {x:.2f} {y:.2f} cm /Total Do Q")

    def content(self) -> bytes:
        """The page's operators."""
        return "\n".join(self.parts).encode("ascii")


def _shown(run: Run, size: float, font: Face) -> str:
    """Operators that show glyphs: offsets of marks become moves within the line and rises above it."""
    widths = font.widths
    out: list[str] = []
    hexes: list[str] = []
    rise = 0

    def flush() -> None:
        if hexes:
            out.append("[" + " ".join(hexes).replace("> <", "") + "] TJ")
            hexes.clear()

    for glyph in run.glyphs:
        if glyph.dy != rise:
            flush()
            rise = glyph.dy
            out.append(f"{rise * size / EM:.2f} Ts")
        if glyph.dx:
            hexes.append(f"{-glyph.dx}")
        hexes.append(f"<{glyph.code:04x}>")
        left = glyph.advance - widths[glyph.code] - glyph.dx
        if left:
            hexes.append(f"{-left}")
    flush()
    if rise:
        out.append("0 Ts")
    return "\n".join(out)


def head() -> bytes:
    """The first octets of every file."""
    return _HEAD


def page(number: int, content: bytes) -> list[bytes]:
    """The two objects of a page; `number` counts from 0."""
    at = _FIRST + 2 * number
    return [
        _object(at, f"<</Type/Page/Parent {_PAGES} 0 R/Contents {at + 1} 0 R>>".encode()),
        _object(at + 1, _stream(content)),
    ]


def tail(sizes: Sequence[int], title: str, box: tuple[float, float], total: Canvas | None = None) -> bytes:
    """What ends a file whose pages' objects have these sizes in octets: fonts, contents table, index of objects."""
    pages = len(sizes) // 2
    kids = " ".join(f"{_FIRST + 2 * number} 0 R" for number in range(pages))
    fonts = "".join(f"/F{int(bold)} {number} 0 R" for bold, number in _FONT.items())
    resources = f"<</Font<<{fonts}>>/XObject<</Total {_TOTAL} 0 R>>>>"
    form = f"/Type/XObject/Subtype/Form/BBox[0 -20 200 40]/Resources<</Font<<{fonts}>>>>"
    fixed = [
        _object(_CATALOG, f"<</Type/Catalog/Pages {_PAGES} 0 R/Lang(th)>>".encode()),
        _object(
            _PAGES,
            f"<</Type/Pages/Kids[{kids}]/Count {pages}/MediaBox[0 0 {box[0]:g} {box[1]:g}]/Resources{resources}>>".encode(),
        ),
        _object(_INFO, f"<</Title<{_utf16(title)}>/Producer(Saraban)>>".encode()),
        _object(_TOTAL, _stream((total or Canvas()).content(), form)),
    ]
    for bold, number in _FONT.items():
        fixed += _font_objects(face(bold), number)
    offsets = {}
    at = len(_HEAD)
    for number, size in enumerate(sizes, start=_FIRST):
        offsets[number] = at
        at += size
    for number, written in enumerate(fixed, start=1):
        offsets[number] = at
        at += len(written)
    table = "".join(f"{offsets[number]:010d} 00000 n \n" for number in range(1, len(offsets) + 1))
    return b"".join(fixed) + (
        f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<</Size {len(offsets) + 1}/Root {_CATALOG} 0 R/Info {_INFO} 0 R>>\nstartxref\n{at}\n%%EOF\n"
    ).encode("ascii")


def document(canvases: Iterable[Canvas], title: str, box: tuple[float, float]) -> bytes:
    """A short file at once."""
    objects = [written for number, canvas in enumerate(canvases) for written in page(number, canvas.content())]
    return head() + b"".join(objects) + tail([len(one) for one in objects], title, box)


def _object(number: int, body: bytes) -> bytes:
    return b"%d 0 obj\n%s\nendobj\n" % (number, body)


def _stream(data: bytes, more: str = "") -> bytes:
    packed = zlib.compress(data, 6)
    return f"<</Length {len(packed)}/Filter/FlateDecode{more}>>\nstream\n".encode() + packed + b"\nendstream"


def _utf16(text: str) -> str:
    return "feff" + text.encode("utf-16-be").hex()


def _font_objects(font: Face, number: int) -> list[bytes]:
    """A face as a composite font whose codes are its glyphs."""
    widths = " ".join(str(width) for width in font.widths)
    return [
        _object(
            number,
            f"<</Type/Font/Subtype/Type0/BaseFont/{font.name}/Encoding/Identity-H"
            f"/DescendantFonts[{number + 1} 0 R]/ToUnicode {number + 4} 0 R>>".encode(),
        ),
        _object(
            number + 1,
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{font.name}/CIDToGIDMap {number + 5} 0 R/W[0[{widths}]]"
            f"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor {number + 2} 0 R>>".encode(),
        ),
        _object(
            number + 2,
            f"<</Type/FontDescriptor/FontName/{font.name}/Flags 4/FontBBox[-1000 -500 1500 1200]/ItalicAngle 0"
            f"/Ascent 1068/Descent -232/CapHeight 700/StemV 80/FontFile2 {number + 3} 0 R>>".encode(),
        ),
        _object(number + 3, _stream(font.file, f"/Length1 {len(font.file)}")),
        _object(number + 4, _stream(_to_unicode(font))),
        _object(number + 5, _stream(b"".join(glyph.to_bytes(2) for glyph in [*range(font.count)] * 2))),
    ]


def _to_unicode(font: Face) -> bytes:
    """What each glyph says, a hundred at a time as the format wants it."""
    pairs = [f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>" for glyph, text in sorted(font.texts.items())]
    blocks = [pairs[at : at + 100] for at in range(0, len(pairs), 100)]
    mapped = "".join(f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar\n" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapType 2 def\n/CMapName /Saraban def\n"
        f"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n{mapped}endcmap\n"
        "CMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")
