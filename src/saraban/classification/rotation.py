"""A new installation key: every letter's key is wrapped anew, nothing of the letters themselves is touched.

1. The new key joins the old one where they are held. 2. `master_key` names it: from that commit on new letters use it.
3. Batch by batch the letters' keys are wrapped with it. 4. When none needs the old key any more, that goes away. A run that was
stopped is run again and goes on. An installation that leaves its file for a token makes the token's first key in this way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from saraban.classification import master
from saraban.classification.tables import LetterKey, MasterKey
from saraban.ledger.connection import alone, reader

BATCH = 500


def count(context: Any) -> int:
    """How many letters are sealed."""
    with reader(context) as session:
        return session.scalar(select(func.count()).select_from(LetterKey)) or 0


def rotate(context: Any, progress: Callable[[int], None]) -> int:
    """How many keys were wrapped anew. Raises SecretKeyMissing where the old key is not there."""
    holder = master.holder()
    if len(holder.names()) < 2:  # two: a run that was stopped
        holder.add()
    new = holder.names()[0]
    with alone(context) as session:
        current = session.scalar(select(MasterKey).where(MasterKey.id == 1).with_for_update())
        if current is None:
            session.add(MasterKey(id=1, master=new))
        else:
            current.master = new
    total = 0
    while number := _wrap_some(context, new):
        total += number
        progress(number)
    holder.keep(new)
    return total


def _wrap_some(context: Any, new: str) -> int:
    with alone(context) as session:
        asked = select(LetterKey).where(LetterKey.master != new).order_by(LetterKey.uid).limit(BATCH).with_for_update()
        rows = list(session.scalars(asked))
        for row in rows:
            row.wrapped = master.wrap(new, master.unwrap(row.master, row.wrapped, row.uid), row.uid)
            row.master = new
    return len(rows)
