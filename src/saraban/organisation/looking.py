"""The worker's regular look at something that time brings about: dates that pass, letters that nobody opens."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from typing import Any, ClassVar

import transaction
from sqlalchemy.orm import Session
from zope.interface import implementer

from saraban.ledger.acts import Act, act
from saraban.ledger.connection import reader
from saraban.ledger.outbox import IRound
from saraban.organisation.acting import SYSTEM


@implementer(IRound)
class Watch(ABC):
    """Reads every few seconds; writes, a batch at a time, only when something waits."""

    seconds: ClassVar[float]
    """How long nothing is looked at once nothing waits."""

    def __init__(self) -> None:
        self._next = 0.0

    @abstractmethod
    def waits(self, session: Session) -> bool:
        """Whether there is something to do. Reads only."""

    @abstractmethod
    def batch(self, site: Any) -> int:
        """One batch, in transactions of its own; how many were dealt with."""

    def round(self, site: Any) -> int:
        """The worker's entry."""
        if time.monotonic() < self._next:
            return 0
        with reader(site) as session:
            waiting = self.waits(session)
        if not waiting:
            self._next = time.monotonic() + self.seconds
            return 0
        return self.batch(site)


class Look(Watch):
    """A watch of which each batch is one act of the system, and stands in the audit trail."""

    verb: ClassVar[str]
    """What the audit trail calls the act."""

    @abstractmethod
    def carry_out(self, current: Act) -> int:
        """One batch; how many were dealt with."""

    def batch(self, site: Any) -> int:
        """The act."""
        transaction.begin()
        try:
            with act(site, SYSTEM, self.verb) as current:
                number = self.carry_out(current)
            transaction.commit()
        except BaseException:
            transaction.abort()
            raise
        return number
