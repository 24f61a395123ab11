"""How waitress gives its threads to requests: those that write take turns in one thread, so long as they are short."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Any

from waitress.task import ThreadedTaskDispatcher

SLICE = 0.05
"""How long a request that writes has the turn to itself, in seconds.

A dispatch to every agency takes half of it. A large upload, a lock that others hold or a server that hangs takes more: then the
next one goes on beside it.
"""
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Turns(ThreadedTaskDispatcher):
    """Threads for requests, of which `at_once` are with writers whose request is still short; 0: as many as there are.

    Python computes one request after the other, and SQLite has one writer: several at once only take the processor and its
    caches out of each other's hands, a fifth of its time (docs/benchmarks.md). Who reads has the other threads.
    """

    def __init__(self, threads: int, at_once: int, slice_: float = SLICE) -> None:
        super().__init__()
        # A single thread takes what comes in the order in which it comes: writers in a row would keep readers waiting.
        self._at_once = at_once if threads > 1 else 0
        self.slice = slice_
        self._guard = threading.Lock()
        self._writes: deque[Any] = deque()
        self._ends: dict[_Turn, float] = {}
        """When those at work are no longer short, in seconds of the monotonic clock."""
        self.set_thread_count(threads)

    def add_task(self, task: Any) -> None:
        """Has a channel's next request answered, or a turn taken."""
        if not self._at_once or isinstance(task, _Turn) or not _writes(task.requests[0]):
            super().add_task(task)
            return
        with self._guard:
            self._writes.append(task)
        self.relieve()

    def relieve(self) -> bool:
        """Gives a thread to those who wait if too few at work are short; whether somebody waits."""
        with self._guard:
            now = time.monotonic()
            wanted = bool(self._writes) and self._short(now) < self._at_once and len(self._ends) < len(self.threads)
            if wanted:
                turn = _Turn(self)
                self._ends[turn] = now + self.slice
            waiting = bool(self._writes)
        if wanted:
            self.add_task(turn)
        return waiting

    def next_for(self, turn: _Turn) -> Any | None:
        """What this turn does next; nothing if nobody waits, or others took over while it was long."""
        with self._guard:
            now = time.monotonic()
            if not self._writes or self._short(now, turn) >= self._at_once:
                self._ends.pop(turn, None)
                return None
            self._ends[turn] = now + self.slice
            return self._writes.popleft()

    def _short(self, now: float, but: _Turn | None = None) -> int:
        return sum(end > now for turn, end in self._ends.items() if turn is not but)

    def leave(self, turn: _Turn) -> None:
        """A turn is over."""
        with self._guard:
            self._ends.pop(turn, None)


def _writes(request: Any) -> bool:
    # What could not be read as a request has no method, only an error to answer.
    return request.error is None and request.command not in _READING


class _Turn:
    """Answers those who write, one after the other, until nobody waits."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    def service(self) -> None:
        """Does its work in a thread of the dispatcher."""
        try:
            while (task := self._turns.next_for(self)) is not None:
                task.service()
        finally:
            self._turns.leave(self)

    def cancel(self) -> None:
        """Gives up those who wait: the server stops."""
        while (task := self._turns.next_for(self)) is not None:
            task.cancel()
