"""A service below whose name the name of one thing stands: `@saved-searches/3`."""

from __future__ import annotations

from typing import Any

from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse

from saraban.errors import Missing


@implementer(IPublishTraverse)
class Known:
    """Mixin, before the service."""

    request: Any
    names: tuple[str, ...] = ()

    def publishTraverse(self, request: Any, name: str) -> Any:  # noqa: N802 - Zope's name
        """One more name of the address."""
        self.names = (*self.names, name)
        return self

    @property
    def name(self) -> str:
        """The one name. Raises Missing."""
        if len(self.names) != 1:
            raise Missing()
        return self.names[0]

    @property
    def number(self) -> int:
        """The one name, where that is a number. Raises Missing."""
        name = self.name
        if not (name.isascii() and name.isdecimal() and len(name) < 19):
            raise Missing()
        return int(name)

    def no_names(self) -> None:
        """Raises Missing where something stands below."""
        if self.names:
            raise Missing()
