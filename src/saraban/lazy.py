"""Attributes that are worked out when they are first asked for."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

__all__ = ["cached_property"]

if TYPE_CHECKING:
    from functools import cached_property
else:

    class cached_property(functools.cached_property):  # noqa: N801 - functools' name
        """As in Python 3.12: that of 3.11 holds a lock, with which one slow instance keeps all others of its class waiting."""

        def __get__(self, instance: Any, owner: Any = None) -> Any:
            """What is kept in the instance, or is worked out for it now."""
            if instance is None:
                return self
            found = instance.__dict__[self.attrname] = self.func(instance)
            return found
