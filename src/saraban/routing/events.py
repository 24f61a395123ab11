"""What happened on the way of a letter; rooms above listen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from saraban.ledger.acts import Act
from saraban.routing.tables import Delivery


@dataclass(frozen=True)
class LetterDispatched:
    """A letter got its number and went to units."""

    letter: Any
    deliveries: Sequence[Delivery]
    act: Act


@dataclass(frozen=True)
class DeliveriesArrived:
    """A letter came to units through the system, by whatever verb: dispatched, copied, forwarded, ordered on (L3).

    Who tells it elsewhere asks each delivery for its level: of a secret one nobody learns more than that there is one.
    """

    letter: Any
    deliveries: Sequence[Delivery]
    act: Act


@dataclass(frozen=True)
class LetterReceived:
    """A letter from outside was registered."""

    letter: Any
    delivery: Delivery
    act: Act


@dataclass(frozen=True)
class DeliveryChanged:
    """A delivery was opened, registered, assigned or closed."""

    delivery: Delivery
    what: str
    act: Act


@dataclass(frozen=True)
class DeliveryLookedAt:
    """Somebody reads a letter where it came to their unit, and another had opened it before."""

    delivery: Any
    """The delivery as an object."""


@dataclass(frozen=True)
class DeliveriesFellDue:
    """The dates of deliveries came near or passed (`notices.KINDS`); told once for each date."""

    kind: str
    deliveries: Sequence[Delivery]
    act: Act


@dataclass(frozen=True)
class LetterCorrected:
    """A dispatched letter says something else now; these deliveries are of units that hold it."""

    letter: Any
    deliveries: Sequence[Delivery]
    version: int
    act: Act


@dataclass(frozen=True)
class LetterClassified:
    """A letter changed its level: all who hold it are to be told, none of them its subject."""

    letter: Any
    deliveries: Sequence[Delivery]
    before: str
    after: str
    act: Act
