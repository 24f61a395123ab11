"""Choices of the forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zope.interface import provider
from zope.schema.interfaces import IVocabularyFactory
from zope.schema.vocabulary import SimpleTerm, SimpleVocabulary

from saraban import _
from saraban.organisation.functions import CAPACITIES, TITLES

AGENCY_KINDS = {
    "secretariat": _("unit_kind_secretariat", default="Secretariat"),
    "department": _("unit_kind_department", default="Department"),
    "office": _("unit_kind_office", default="Office of the Permanent Secretary"),
    "district": _("unit_kind_district", default="District office"),
    "other": _("unit_kind_other", default="Other"),
}
UNIT_KINDS = {
    "division": _("unit_kind_division", default="Division"),
    "section": _("unit_kind_section", default="Section"),
    "group": _("unit_kind_group", default="Working group"),
    "other": _("unit_kind_other", default="Other"),
}


def _vocabulary(choices: Mapping[str, str]) -> SimpleVocabulary:
    return SimpleVocabulary([SimpleTerm(value, value, title) for value, title in choices.items()])


@provider(IVocabularyFactory)
def agency_kinds(context: Any) -> SimpleVocabulary:
    """Kinds of agencies."""
    return _vocabulary(AGENCY_KINDS)


@provider(IVocabularyFactory)
def unit_kinds(context: Any) -> SimpleVocabulary:
    """Kinds of units."""
    return _vocabulary(UNIT_KINDS)


@provider(IVocabularyFactory)
def functions(context: Any) -> SimpleVocabulary:
    """Functions that somebody can be appointed to."""
    return _vocabulary(TITLES)


@provider(IVocabularyFactory)
def capacities(context: Any) -> SimpleVocabulary:
    """Capacities in which a post is held."""
    return _vocabulary(CAPACITIES)
