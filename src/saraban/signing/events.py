"""What happened to a letter in the chain of approval; other ways of telling listen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from saraban.ledger.acts import Act
from saraban.signing.tables import SigningChain, SigningTurn


@dataclass(frozen=True)
class LetterSubmitted:
    """A draft went to those who approve and sign it."""

    letter: Any
    chain: SigningChain
    next: SigningTurn
    """Who has the turn now."""
    act: Act


@dataclass(frozen=True)
class LetterSigned:
    """Somebody approved or signed."""

    letter: Any
    chain: SigningChain
    turn: SigningTurn
    next: SigningTurn | None
    """Who has the turn now; None after the last one."""
    act: Act


@dataclass(frozen=True)
class LetterSentBack:
    """A letter is a draft again."""

    letter: Any
    chain: SigningChain
    act: Act
