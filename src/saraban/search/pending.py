"""Letters that changed after they were indexed. An index lags behind a recall; an answer does not.

Every change of a letter's grants or deliveries writes an outbox row in its own transaction, and the row goes only when the
index has it and shows it. So what waits in the outbox is all that an index may be wrong about. Of these letters the ones
that the index would show to the asker are looked at themselves, and left out of the question if they may not be viewed:
totals and facets do not count them either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from AccessControl import getSecurityManager
from sqlalchemy import select
from sqlalchemy.orm import Session

from saraban.ledger.tables import OutboxRow
from saraban.letters.content import Letter
from saraban.search.documents import searchable
from saraban.search.indexing import FOR_SOLR, KIND

MOST = 3000
"""So many waiting letters are left out of totals and facets at most; every letter that is shown is asked about in any case."""


def letters(session: Session, *, short: bool = False) -> dict[str, str]:
    """Paths and UIDs of letters that wait for the index (`short`: for the short index), the latest first."""
    query = select(OutboxRow.subject, OutboxRow.uid).where(OutboxRow.kind == KIND).order_by(OutboxRow.id.desc()).limit(MOST)
    if short:
        query = query.where(OutboxRow.payload != FOR_SOLR)
    return {path: uid for path, uid in session.execute(query) if uid}


def among(session: Session, paths: Iterable[str]) -> set[str]:
    """Which of these letters wait, however many wait."""
    asked = list(paths)
    if not asked:
        return set()
    query = select(OutboxRow.subject).where(OutboxRow.kind == KIND, OutboxRow.subject.in_(asked))
    return set(session.scalars(query))


def may_not_view(site: Any, found: Mapping[str, str]) -> set[str]:
    """Of letters (path by UID) those that the logged-in person may not view or that may not be searched: wakes them."""
    check = getSecurityManager().checkPermission
    hidden = set()
    for uid, path in found.items():
        letter = site.unrestrictedTraverse(path, None)
        known = isinstance(letter, Letter) and "/".join(letter.getPhysicalPath()) == path
        if not (known and searchable(letter) and check("View", letter)):
            hidden.add(uid)
    return hidden
