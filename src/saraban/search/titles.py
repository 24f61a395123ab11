"""What the values of facets are called."""

from __future__ import annotations

from typing import Any

from zope.i18n import translate

from saraban.letters.kinds import ALL_KINDS, SECRECIES, STATES, URGENCIES
from saraban.organisation import chart

_TITLES = {
    "kind": {name: kind.title for name, kind in ALL_KINDS.items()},
    "urgency": URGENCIES,
    "secrecy": SECRECIES,
    "state": STATES,
}


def title_of(facet: str, value: str, request: Any) -> str:
    """The value in the language of the request."""
    return title_in(language_of(request), facet, value)


def title_in(language: str, facet: str, value: str) -> str:
    """The value in a language."""
    if facet == "unit":
        unit = chart.unit(value)
        return unit.title(language) if unit is not None else value
    message = _TITLES.get(facet, {}).get(value)
    return str(translate(message, target_language=language)) if message else value


def language_of(request: Any) -> str:
    """`th` or `en`."""
    language = str(request.get("LANGUAGE", "") or "th")
    return language.partition("-")[0]
