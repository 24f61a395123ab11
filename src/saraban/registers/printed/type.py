"""Thai type for prints: shaped by HarfBuzz, so that marks stand where the face puts them, and broken into lines at words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import budoux
import uharfbuzz as hb

from saraban.lazy import cached_property

FONTS = Path(__file__).parent / "fonts"
EM = 1000
"""Units of the face to its size."""
BREAKING = " /-,)"
UNBROKEN = re.compile(
    "กรุงเทพมหานคร|งบประมาณ|อิเล็กทรอนิกส์|สารสนเทศ|ประชาสัมพันธ์|พระราชบัญญัติ|คณะกรรมการ|ผู้อำนวยการ|สาธารณสุข|สาธารณภัย|สิ่งแวดล้อม"
)
"""Words of every day here that the model would tear."""
LOOK, CONTEXT = 12, 6
NIKHAHIT, SARA_AA, SARA_AM = "\u0e4d", "\u0e32", "\u0e33"
_UNI_NAME = re.compile(r"uni((?:[0-9A-F]{4})+)(?:\..*)?")


class Glyph(NamedTuple):
    """A glyph where shaping put it; lengths in thousandths of the size."""

    code: int
    """Its code in the file's fonts: see `Face.widths`."""
    cluster: int
    """Index of the first character that it belongs to."""
    advance: int
    dx: int
    dy: int


@dataclass(frozen=True)
class Run:
    """A line of shaped glyphs."""

    glyphs: tuple[Glyph, ...]

    @cached_property
    def length(self) -> int:
        """In thousandths of the size."""
        return sum(glyph.advance for glyph in self.glyphs)


class Face:
    """A face of Sarabun."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.file = (FONTS / f"{name}.ttf").read_bytes()
        self._face = hb.Face(self.file)
        self._font = hb.Font(self._face)
        if self._face.upem != EM:
            raise ValueError(f"{name} is not drawn on {EM} units.")

    @cached_property
    def count(self) -> int:
        """How many glyphs it has."""
        return int(self._face.glyph_count)

    @cached_property
    def widths(self) -> list[int]:
        """The advance of each code as the file has it: all glyphs, and all again for those that are a part of ำ."""
        return [self._font.get_glyph_h_advance(glyph) for glyph in range(self.count)] * 2

    @cached_property
    def texts(self) -> dict[int, str]:
        """What each code says, for copying and searching: by its character, else by its name (uni0E48.small).

        HarfBuzz draws ำ as ํ and า, which nobody would find again: as parts of it they say nothing and ำ.
        """
        found = {}
        for glyph in range(self.count):
            if named := _UNI_NAME.fullmatch(self._font.get_glyph_name(glyph) or ""):
                codes = named[1]
                found[glyph] = "".join(chr(int(codes[at : at + 4], 16)) for at in range(0, len(codes), 4))
        for code in sorted(self._face.unicodes, reverse=True):
            found[self._font.get_nominal_glyph(code)] = chr(code)
        parts = {
            glyph + self.count: said.replace(NIKHAHIT, "").replace(SARA_AA, SARA_AM)
            for glyph, said in found.items()
            if said[0] in (NIKHAHIT, SARA_AA)
        }
        return {**found, **parts}

    def shape(self, text: str) -> Run:
        """The glyphs of a line. Always as Thai: Latin within it comes out the same, Thai within Latin would not."""
        if not text:
            return Run(())
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.direction, buffer.script, buffer.language = "ltr", "Thai", "th"
        hb.shape(self._font, buffer)
        infos = buffer.glyph_infos
        codes = self._codes(infos, text) if SARA_AM in text else [info.codepoint for info in infos]
        return Run(
            tuple(
                Glyph(code, info.cluster, place.x_advance, place.x_offset, place.y_offset)
                for code, info, place in zip(codes, infos, buffer.glyph_positions, strict=True)
            )
        )

    def _codes(self, infos: Sequence[hb.GlyphInfo], text: str) -> list[int]:
        """The codes of shaped glyphs, those that are a part of ำ known as such."""
        begins = sorted({info.cluster for info in infos})
        with_am = {begin for begin, end in zip(begins, [*begins[1:], len(text)], strict=True) if SARA_AM in text[begin:end]}
        return [
            info.codepoint + self.count
            if info.cluster in with_am and info.codepoint + self.count in self.texts
            else info.codepoint
            for info in infos
        ]


@lru_cache
def face(bold: bool = False) -> Face:
    """Sarabun, regular or bold."""
    return Face("Sarabun-Bold" if bold else "Sarabun-Regular")


@lru_cache
def _words() -> budoux.Parser:
    return budoux.load_default_thai_parser()


def _last_break(text: str, start: int, end: int, never: Set[int]) -> int:
    """The last character up to `end` before which a line may begin: at words, after spaces and some signs; else `start`.

    `never` are places within words that are not torn. What tells words apart are the three characters on either side, so that
    a few at a time are looked at, from the end on.
    """
    while end > start:
        begin = max(start, end - LOOK)
        at = max(0, begin - CONTEXT)
        found = {position + 1 for position in range(begin, end) if text[position] in BREAKING}
        for word in _words().parse(text[at : end + CONTEXT]):
            at += len(word)
            found.add(at)
        if here := [position for position in found if begin < position <= end and position not in never]:
            return max(here)
        end = begin
    return start


@lru_cache(maxsize=8192)
def lines(text: str, size: float, width: float, bold: bool = False, most: int = 40) -> tuple[Run, ...]:
    """The text in lines of at most `width` points; what is beyond `most` lines is cut and marked by ….

    Registers repeat senders and addressees, so that lines are kept.
    """
    text = " ".join(text.split())
    if not text:
        return ()
    whole = face(bold).shape(text)
    room = width * EM / size
    if whole.length <= room:
        return (whole,)
    found = list(_broken(whole.glyphs, text, room))
    if len(found) > most:
        found = [*found[: most - 1], _cut(found[most - 1], face(bold).shape("…"), room)]
    return tuple(found)


def _cut(run: Run, mark: Run, room: float) -> Run:
    """A line with a mark at its end, without the clusters that leave the mark no room."""
    kept = run
    while kept.glyphs and kept.length + mark.length > room:
        kept = Run(tuple(glyph for glyph in kept.glyphs if glyph.cluster != kept.glyphs[-1].cluster))
    return Run(kept.glyphs + mark.glyphs)


def _broken(glyphs: tuple[Glyph, ...], text: str, room: float) -> Iterator[Run]:
    """Cuts a shaped text greedily; a word that is longer than the line is cut between clusters."""
    never = {position for word in UNBROKEN.finditer(text) for position in range(word.start() + 1, word.end())}
    start = at = length = 0
    while at < len(glyphs):
        glyph = glyphs[at]
        if length + glyph.advance > room and at > start and text[glyph.cluster] != " ":
            begin = _last_break(text, glyphs[start].cluster, glyph.cluster, never)
            end = at
            while end > start and glyphs[end - 1].cluster >= begin:
                end -= 1
            if end == start:
                end = _cluster_start(glyphs, at, start)
            yield _trimmed(glyphs[start:end], text)
            start = at = end
            length = 0
        else:
            length += glyph.advance
            at += 1
    yield _trimmed(glyphs[start:], text)


def _cluster_start(glyphs: tuple[Glyph, ...], at: int, start: int) -> int:
    """Where the cluster of a glyph begins; where it fills the line alone, after it."""
    first = at
    while first > start and glyphs[first - 1].cluster == glyphs[at].cluster:
        first -= 1
    return first if first > start else at


def _trimmed(glyphs: tuple[Glyph, ...], text: str) -> Run:
    """Without the spaces at the ends of a line."""
    begin, end = 0, len(glyphs)
    while begin < end and text[glyphs[begin].cluster] == " ":
        begin += 1
    while end > begin and text[glyphs[end - 1].cluster] == " ":
        end -= 1
    return Run(glyphs[begin:end])
