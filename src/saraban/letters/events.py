"""What happened to a letter; rooms above listen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from saraban.ledger.acts import Act

if TYPE_CHECKING:
    from saraban.letters.content import Letter


@dataclass(frozen=True)
class LetterCreated:
    """A draft was made."""

    letter: Letter
    act: Act


@dataclass(frozen=True)
class LetterRaised:
    """A draft is at a higher level of secrecy, and sealed, from now on."""

    letter: Letter
    act: Act


@dataclass(frozen=True)
class LetterDeleted:
    """A draft is about to go."""

    letter: Letter
    act: Act
