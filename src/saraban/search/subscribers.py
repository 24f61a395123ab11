"""What makes a letter be indexed: its own changes, and those of its deliveries."""

from __future__ import annotations

from typing import Any

from Acquisition import aq_parent
from plone.uuid.interfaces import IUUID

from saraban.ledger.deferred import IndexQueued
from saraban.letters.interfaces import ILetter
from saraban.routing.events import DeliveryChanged, LetterClassified
from saraban.search import exports
from saraban.search.documents import OPEN_LEVEL
from saraban.search.indexing import queue


def index_queued(event: IndexQueued) -> None:
    """A letter was made, changed, granted, taken back or deleted."""
    if ILetter.providedBy(event.obj):
        queue(event.obj, event.path, event.uid)


def delivery_changed(event: DeliveryChanged) -> None:
    """A unit registered a letter: it is found by its receive number now. Of a secret one no index hears."""
    if event.delivery.secrecy == OPEN_LEVEL:
        queue(event.act.context, event.delivery.letter_path, event.delivery.letter_uid)


def letter_classified(event: LetterClassified) -> None:
    """Lists of results that were made while a letter was normal hold its subject: they are made again."""
    if event.before == OPEN_LEVEL:
        exports.anew(event.act, event.letter.getId())


def files_changed(attachment: Any, event: Any) -> None:
    """A file came or went: what it says is found with its letter."""
    letter = aq_parent(attachment) or event.oldParent
    if ILetter.providedBy(letter) and letter.indexable:
        queue(letter, "/".join(letter.getPhysicalPath()), IUUID(letter))
