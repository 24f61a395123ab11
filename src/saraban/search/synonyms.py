"""Words that mean the same (ผว.กทม. = ผู้ว่าราชการกรุงเทพมหานคร): whoever types one finds the others.

Looked up when a question is asked, so that a change of the list needs no new index. The list is the site administrator's.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Any

from sqlalchemy import select

from saraban import _
from saraban.errors import Invalid, Missing
from saraban.ledger import connection
from saraban.ledger.acts import act
from saraban.organisation.acting import current_actor
from saraban.organisation.allow import require
from saraban.search.tables import Synonym
from saraban.search.typed import LONGEST, MOST_PARTS, Typed, squeezed, understand
from saraban.search.wanted import Wanted

MANAGE = "Manage portal"
BETWEEN = " = "
_BETWEEN = re.compile(r"[=\n,]")
KEEP_SECONDS = 3.0
"""How long a process believes the list that it has read."""
MOST_WORDS = 12
"""In one line of the list."""
LONGEST_WORD = 120
MOST_WAYS = 8
"""Ways of asking the same question."""
_LONGEST_RUN = 5
"""Parts between spaces that are one name at most."""
_INSIDE = 8
"""A name of so many characters is seen inside of what was typed without spaces; a short one would be seen where it is not."""


@dataclass(frozen=True)
class Alike:
    """The list, to be looked up."""

    by_word: dict[str, tuple[str, ...]]
    """Squeezed word → all words of its lines, as written."""

    def others(self, text: str) -> tuple[str, ...]:
        """Other words for this one."""
        flat = squeezed(text)
        return tuple(word for word in self.by_word.get(flat, ()) if squeezed(word) != flat)

    def ways(self, parts: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        """Other parts to look for instead of these."""
        choices = [[(part,), *self._parts_of(self.others(part))] for part in self._segments(parts)]
        ways = (tuple(piece for chosen in way for piece in chosen) for way in product(*choices))
        first = tuple(parts)
        return tuple(islice((way[:MOST_PARTS] for way in dict.fromkeys(ways) if way != first), MOST_WAYS))

    def _segments(self, parts: Sequence[str]) -> list[str]:
        """The parts, those that are one name together; the longest names first."""
        found: list[str] = []
        at = 0
        while at < len(parts):
            for length in range(min(_LONGEST_RUN, len(parts) - at), 0, -1):
                run = " ".join(parts[at : at + length])
                if squeezed(run) in self.by_word:
                    found.append(run)
                    break
            else:
                length = 1
                found += self._split(parts[at])
            at += length
        return found

    def _split(self, part: str) -> list[str]:
        """A part, cut where a long name stands in it."""
        name = max((word for word in self.by_word if len(word) >= _INSIDE and word in part), key=len, default="")
        if not name:
            return [part]
        before, _name, behind = part.partition(name)
        return [piece for piece in (before, name, behind) if piece]

    def _parts_of(self, words: Iterable[str]) -> list[tuple[str, ...]]:
        return [parts for word in words if (parts := understand(word).parts)]


_lists: dict[Any, tuple[float, Alike]] = {}


def alike(context: Any = None) -> Alike:
    """The list as it is now, or was a moment ago."""
    key = connection.engine_of(context).url
    read_at, found = _lists.get(key, (0.0, Alike({})))
    if time.monotonic() - read_at > KEEP_SECONDS or not read_at:
        with connection.reader(context) as session:
            found = _looked_up(session.scalars(select(Synonym.words).order_by(Synonym.id)))
        _lists[key] = time.monotonic(), found
    return found


def _looked_up(lines: Iterable[str]) -> Alike:
    found: dict[str, dict[str, None]] = {}
    for line in lines:
        words = split(line)
        for word in words:
            found.setdefault(squeezed(word), {}).update(dict.fromkeys(words))
    return Alike({flat: tuple(words) for flat, words in found.items() if flat})


def widen(wanted: Wanted, known: Alike) -> Wanted:
    """The question, with the other ways of saying it."""
    text: Typed = wanted.typed
    if text.parts and not text.number:
        text = replace(text, also=known.ways(text.parts))
    return replace(wanted, typed=text, senders=known.others(wanted.sender), tos=known.others(wanted.to))


def split(text: str) -> list[str]:
    """The words of a line."""
    words = (" ".join(word.split()) for word in _BETWEEN.split(text))
    return list(dict.fromkeys(word for word in words if word))


def listed(session: Any, text: str = "") -> list[Synonym]:
    """The lines in which a word stands, in the order of their first words."""
    flat = squeezed(text[:LONGEST])
    rows = [row for row in session.scalars(select(Synonym)) if flat in squeezed(row.words)]
    return sorted(rows, key=lambda row: (row.words, row.id))


def add(site: Any, words: Sequence[str]) -> Synonym:
    """One more line. Raises Forbidden, Invalid."""
    require(MANAGE, site)
    with act(site, current_actor(), "add-synonym") as current:
        row = Synonym(words=_checked(words))
        current.session.add(row)
        current.session.flush()
        current.note(line=row.id)
    _lists.clear()
    return row


def change(site: Any, number: int, words: Sequence[str]) -> Synonym:
    """Another line instead of one. Raises Forbidden, Missing, Invalid."""
    require(MANAGE, site)
    with act(site, current_actor(), "change-synonym", detail={"line": number}) as current:
        rows = current.lock(Synonym, Synonym.id == number)
        if not rows:
            raise Missing()
        rows[0].words = _checked(words)
    _lists.clear()
    return rows[0]


def remove(site: Any, number: int) -> None:
    """Takes a line away. Raises Forbidden, Missing."""
    require(MANAGE, site)
    with act(site, current_actor(), "remove-synonym", detail={"line": number}) as current:
        rows = current.lock(Synonym, Synonym.id == number)
        if not rows:
            raise Missing()
        current.session.delete(rows[0])
    _lists.clear()


def _checked(words: Sequence[str]) -> str:
    """The line. Raises Invalid."""
    if any(not isinstance(word, str) or _BETWEEN.search(word) for word in words):
        words = ()
    line = split(BETWEEN.join(words))
    by_spelling = {squeezed(word): word for word in line}
    if not 2 <= len(by_spelling) <= MOST_WORDS or "" in by_spelling:
        reason = _(
            "error_synonym_words",
            default="Two to ${most} different words or names are asked for.",
            mapping={"most": MOST_WORDS},
        )
        raise Invalid(fields={"words": reason})
    if any(len(word) > LONGEST_WORD for word in line) or len(BETWEEN.join(line)) > 1000:
        raise Invalid(fields={"words": _("error_field_long", default="This is too long.")})
    return BETWEEN.join(line)
