"""Letters for reports, made as in the tests of routing."""

from __future__ import annotations

from tests.routing.conftest import office

__all__ = ["office"]
