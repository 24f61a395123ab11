"""Letters for registers, made as in the tests of routing."""

from __future__ import annotations

from tests.routing.conftest import office, refused

__all__ = ["office", "refused"]
