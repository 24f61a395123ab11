"""A question to Solr as it grows: queries that name parameters, and the parameters' values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from saraban.search import typed
from saraban.search.asker import Asker
from saraban.search.client import SEPARATOR, joined

RUN = 3
"""Text of fewer characters has no run."""


class Question:
    """Gathers parameters; each value that comes from outside gets a name of its own."""

    def __init__(self, asker: Asker) -> None:
        self.asker = asker
        self.parameters: dict[str, Any] = {"wt": "json"}
        self._count = 0

    def value(self, text: str) -> str:
        """The name of a parameter that holds the text."""
        self._count += 1
        name = f"v{self._count}"
        self.parameters[name] = text
        return name

    def terms(self, field: str, values: Iterable[str]) -> str:
        """A query for documents with one of these values."""
        return f'{{!terms f={field} separator="{SEPARATOR}" v=${self.value(joined(values))}}}'

    def contains(self, *fields: str, text: str) -> str:
        """A query for documents in one of whose fields (`*_runs`) the text stands, signs and spaces apart."""
        name = self.value(text)
        if len(typed.squeezed(text)) < RUN:
            # Too short for a run: what begins with it, or the word.
            return f"{{!edismax qf='text title' v=${name}}}"
        return self.either([f"{{!field f={field} v=${name}}}" for field in fields])

    def either(self, queries: list[str]) -> str:
        """A query for documents that one of these finds."""
        if len(queries) == 1:
            return queries[0]
        return "{!bool " + " ".join(f"should=${self.value(query)}" for query in queries) + "}"

    def every(self, queries: list[str]) -> str:
        """A query for documents that all of these find, each of which counts."""
        if len(queries) == 1:
            return queries[0]
        return "{!bool " + " ".join(f"must=${self.value(query)}" for query in queries) + "}"

    def both(self, queries: list[str]) -> str:
        """A query for documents that all of these find."""
        if len(queries) == 1:
            return queries[0]
        return "{!bool " + " ".join(f"filter=${self.value(query)}" for query in queries) + "}"

    def without(self, query: str) -> str:
        """A query for documents that this does not find."""
        return f"{{!bool filter=${self.value('*:*')} must_not=${self.value(query)}}}"

    def nothing(self) -> str:
        """A query that finds nothing."""
        return self.without("*:*")
