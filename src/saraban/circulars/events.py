"""What happened to circulars; rooms above listen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from saraban.ledger.acts import Act


@dataclass(frozen=True)
class CircularReminded:
    """Persons are to read a circular: (person, unit of the post, id of the delivery)."""

    circular: Any
    told: tuple[tuple[str, str, int], ...]
    act: Act
