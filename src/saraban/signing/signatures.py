"""Who signed a letter, in what capacity, when and how, and whether it is today what they signed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from saraban import _
from saraban.classification import vault
from saraban.ledger.clock import iso
from saraban.routing.way import is_sender
from saraban.signing.digest import digest_of
from saraban.signing.queries import chains_of
from saraban.signing.tables import DONE, SIGNER, STANDING, SigningTurn

SENT_BACK = _("signature_sent_back", default="The letter was sent back for changes after this was signed.")
CHANGED = _("signature_changed", default="The letter says something else than what was signed.")


@dataclass(frozen=True)
class Signature:
    """One that was given."""

    turn: SigningTurn
    problems: list[str] = field(default_factory=list)
    """Why it does not count, as sentences; empty where it does."""

    @property
    def valid(self) -> bool:
        """Whether it counts, and the letter is what was signed."""
        return not self.problems


def signatures_of(session: Session, letter: Any) -> list[Signature]:
    """All that were ever given, the first one first; other agencies learn of those alone that signed and count.

    For who may see the letter.
    """
    ours, found, today = is_sender(letter), [], ""
    for chain in chains_of(session, letter):
        stands = chain.row.state in STANDING
        for turn in chain.turns:
            if turn.state != DONE or (not ours and not (stands and turn.role == SIGNER)):
                continue
            problems = [] if stands else [SENT_BACK]
            if stands:
                today = today or digest_of(letter)
                problems += [CHANGED] if vault.opened(chain.row.letter_uid, turn.digest) != today else []
            found.append(Signature(turn, problems))
    return found


def turn_json(turn: SigningTurn) -> dict[str, Any]:
    """A signature as `@sign` answers it. One by a click has no level: those are of certificates."""
    return {
        "method": turn.method,
        "level": None,
        "role": turn.role,
        "signer": turn.person,
        "post": turn.post,
        "capacity": turn.capacity,
        "at": iso(turn.at),
    }


def signature_json(one: Signature, words: Callable[[str], str]) -> dict[str, Any]:
    """A signature, and whether it counts. The digest is of all that the letter says and of its files."""
    return {
        **turn_json(one.turn),
        "valid": one.valid,
        "covers_whole_document": True,
        "trusted": one.valid,
        "problems": [words(problem) for problem in one.problems],
    }
