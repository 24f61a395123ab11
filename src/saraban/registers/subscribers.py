"""What registers do when a letter changes its level."""

from __future__ import annotations

from plone.uuid.interfaces import IUUID
from sqlalchemy import select

from saraban.classification.levels import NORMAL
from saraban.ledger.tables import RegisterEntry
from saraban.registers.printed import jobs
from saraban.routing.events import LetterClassified


def letter_classified(event: LetterClassified) -> None:
    """Prints that were made while a letter was normal show its subject: they are made again."""
    if event.before == NORMAL:
        stands = select(RegisterEntry.unit, RegisterEntry.direction, RegisterEntry.year)
        lines = event.act.session.execute(stands.where(RegisterEntry.document_uid == IUUID(event.letter)))
        jobs.anew(event.act, [(unit, book, year) for unit, book, year in lines])
