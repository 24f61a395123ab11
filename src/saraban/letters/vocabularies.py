"""Vocabularies of the letter's schema."""

from __future__ import annotations

from collections.abc import Mapping

from zope.interface import provider
from zope.schema.interfaces import IVocabularyFactory
from zope.schema.vocabulary import SimpleTerm, SimpleVocabulary

from saraban.letters.kinds import KINDS, SECRECIES, URGENCIES, WAYS


def _vocabulary(titles: Mapping[str, str]) -> SimpleVocabulary:
    return SimpleVocabulary([SimpleTerm(name, name, title) for name, title in titles.items()])


@provider(IVocabularyFactory)
def kinds(context: object) -> SimpleVocabulary:
    """Kinds of letters."""
    return _vocabulary({kind.name: kind.title for kind in KINDS.values()})


@provider(IVocabularyFactory)
def urgencies(context: object) -> SimpleVocabulary:
    """ชั้นความเร็ว."""
    return _vocabulary(URGENCIES)


@provider(IVocabularyFactory)
def secrecies(context: object) -> SimpleVocabulary:
    """ชั้นความลับ that may be handled electronically."""
    return _vocabulary(SECRECIES)


@provider(IVocabularyFactory)
def ways(context: object) -> SimpleVocabulary:
    """How a letter from outside comes."""
    return _vocabulary(WAYS)
