"""One page of a long list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from saraban import _

SIZE = 50


@dataclass(frozen=True)
class Pager:
    """Where a list stands: `b_start` and `b_size` in the address, as in REST."""

    address: str
    total: int
    start: int = 0
    size: int = SIZE
    parameters: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, request: Any, address: str, total: int, size: int = SIZE) -> Pager:
        """The pager of a request; its other parameters stay in the links."""
        kept = {
            name: value
            for name, value in request.form.items()
            if isinstance(value, str) and value and name not in ("b_start", "b_size", "_authenticator")
        }
        return cls(address, total, start_of(request), size, kept)

    @property
    def previous(self) -> str:
        """Address of the page before; empty on the first."""
        return self._at(max(0, self.start - self.size)) if self.start > 0 else ""

    @property
    def next(self) -> str:
        """Address of the page after; empty on the last."""
        return self._at(self.start + self.size) if self.start + self.size < self.total else ""

    def _at(self, start: int) -> str:
        parameters = {**self.parameters, **({"b_start": str(start)} if start else {})}
        return f"{self.address}?{urlencode(parameters)}" if parameters else self.address

    def summary(self, sb: Any) -> str:
        """1–50 of 123, as a message."""
        last = min(self.start + self.size, self.total)
        return _(
            "pager_summary",
            default="${first}–${last} of ${total}",
            mapping={"first": sb.number(min(self.start + 1, last)), "last": sb.number(last), "total": sb.number(self.total)},
        )


def start_of(request: Any) -> int:
    """`b_start` of a request; what is not a number begins at the top."""
    value = str(request.form.get("b_start", "0"))
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0
