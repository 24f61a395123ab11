"""Circulars (หนังสือเวียน, regulation clause 32): one number, one document, a delivery for each unit (B9, E20, E21)."""

from __future__ import annotations

from zope.interface import implementer

from saraban.letters.content import Letter, Letters
from saraban.letters.interfaces import ILetter, ILetters
from saraban.letters.kinds import CIRCULAR


class ICirculars(ILetters):
    """An agency's circulars, in folders by year."""


class ICircular(ILetter):
    """A circular: a letter that all staff of the receiving agencies read; above normal only whom a secret letter is for."""


@implementer(ICirculars)
class Circulars(Letters):
    """The circulars of one agency."""

    holds = "Circular"


@implementer(ICircular)
class Circular(Letter):
    """A circular. Its number bears ว, and who read it is kept for each person."""

    kind: str = CIRCULAR.name

    def reading_groups(self, unit: str, agency: str) -> list[str]:
        """Everybody who works in the receiving agency reads it at once, not only its desks; not so above normal."""
        return super().reading_groups(unit, agency) if self.is_secret else [f"{agency}:staff"]
