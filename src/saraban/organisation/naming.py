"""Ids for units that come without one: from the English name, else a running word; never from Thai letters."""

from __future__ import annotations

import re
from typing import Any

from zope.component import adapter
from zope.container.interfaces import INameChooser
from zope.interface import implementer

from saraban.ledger.connection import reader
from saraban.organisation.chart import unit
from saraban.organisation.content import MAX_NAME, RESERVED, IAgencies, IChartUnit
from saraban.organisation.subscribers import agency_object


def name_from(title: str) -> str:
    """A name in the form of `content.NAME`, as far as a title has Latin letters."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    return words[: MAX_NAME - 4].rstrip("-")


class _Chooser:
    first = "unit"

    def __init__(self, container: Any) -> None:
        self.container = container

    def taken(self, name: str) -> bool:
        """Whether somebody has the name."""
        return name in self.container

    def checkName(self, name: str, object: Any) -> bool:  # noqa: N802 - INameChooser
        """Whether a name is free."""
        return not self.taken(name)

    def chooseName(self, name: str, object: Any) -> str:  # noqa: N802 - INameChooser
        """The English name as a word, numbered where it is taken."""
        base = name_from(getattr(object, "title_en", "") or "") or name_from(name or "") or self.first
        chosen, number = base, 1
        while chosen in RESERVED or self.taken(chosen):
            number += 1
            chosen = f"{base}-{number}"
        return chosen


@implementer(INameChooser)
@adapter(IAgencies)
class AgencyNames(_Chooser):
    """Names of agencies."""

    first = "agency"


@implementer(INameChooser)
@adapter(IChartUnit)
class UnitNames(_Chooser):
    """Names of units: each once in its agency, at whatever depth."""

    def taken(self, name: str) -> bool:
        """Whether a unit anywhere in the agency has the name."""
        with reader(self.container) as session:
            return name in self.container or unit(f"{agency_object(self.container).unit_id}.{name}", session) is not None
