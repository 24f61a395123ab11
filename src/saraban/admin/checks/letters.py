"""Every letter against its registers, its deliveries and what they gave, its chain of approval, its files, and the catalog."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select

from saraban.admin import walks
from saraban.admin.checks.finding import Finding, Progress
from saraban.classification.errors import SecretKeyMissing
from saraban.ledger.connection import reader, session_of
from saraban.ledger.tables import OutboxRow, RegisterEntry
from saraban.letters.operations import state_of
from saraban.routing.books import RECEIVED, SENT
from saraban.routing.tables import Delivery
from saraban.signing.tables import OPEN, SIGNED, SigningChain

GRANTED = ("sent", "opened", "registered", "closed")
"""States of a delivery whose receiver may read the letter."""
CAUSE = "delivery:"
WAITING = {"pending": OPEN, "signed": SIGNED}
"""Where a letter stands, and the state of its chain of approval; in no other state has it one that is under way."""


@dataclass
class Page:
    """Letters with what the ledger knows of them."""

    letters: Mapping[str, Any]
    entries: Mapping[str, Sequence[RegisterEntry]]
    deliveries: Mapping[str, Sequence[Delivery]]
    queued: frozenset[str]
    chains: Mapping[str, str]
    """The state of the chain of approval that was begun last."""


def count(site: Any) -> int:
    """How many letters there are."""
    return walks.count(site)


def examine(site: Any, progress: Progress) -> Iterator[Finding]:
    """Page by page. What looks wrong is looked at again: somebody may have been in the middle of an act."""
    import transaction

    for paths in walks.pages(site):
        suspicious = _suspicious(site, paths)
        for again in range(3):
            if not suspicious:
                break
            transaction.begin()
            time.sleep(0.1 * again)
            suspicious = _suspicious(site, list(suspicious))
        for findings in suspicious.values():
            yield from findings
        progress(len(paths))
        site._p_jar.cacheGC()


def _suspicious(site: Any, paths: Sequence[str]) -> dict[str, list[Finding]]:
    """The letters that something is wrong with."""
    page = _page(site, paths)
    found = {path: _findings(site, path, letter, page) for path, letter in page.letters.items()}
    return {path: findings for path, findings in found.items() if findings}


def _page(site: Any, paths: Sequence[str]) -> Page:
    letters = {path: site.unrestrictedTraverse(path, None) for path in paths}
    letters = {path: letter for path, letter in letters.items() if letter is not None}
    uids = [letter.UID() for letter in letters.values()]
    entries: dict[str, list[RegisterEntry]] = {uid: [] for uid in uids}
    deliveries: dict[str, list[Delivery]] = {uid: [] for uid in uids}
    with reader(site) as session:
        for entry in session.scalars(select(RegisterEntry).where(RegisterEntry.document_uid.in_(uids))):
            entries[str(entry.document_uid)].append(entry)
        for row in session.scalars(select(Delivery).where(Delivery.letter_uid.in_(uids))):
            deliveries[row.letter_uid].append(row)
        asked = select(SigningChain.letter_uid, SigningChain.state).where(SigningChain.letter_uid.in_(uids))
        chains = dict(session.execute(asked.order_by(SigningChain.round)).tuples().all())
        queued = frozenset(session.scalars(select(OutboxRow.subject).where(OutboxRow.subject.in_(paths))))
    return Page(letters, entries, deliveries, queued, chains)


def _findings(site: Any, path: str, letter: Any, page: Page) -> list[Finding]:
    try:
        return list(_letter(site, path, letter, page))
    except SecretKeyMissing:
        return [Finding(path, "it is sealed, and this installation has no key that opens it")]


def _letter(site: Any, path: str, letter: Any, page: Page) -> Iterator[Finding]:
    uid = letter.UID()
    yield from _numbers(path, letter, page.entries[uid])
    yield from _deliveries(path, letter, page.deliveries[uid])
    chain, state = page.chains.get(uid, ""), state_of(letter)
    if WAITING.get(state, "") != (chain if chain in WAITING.values() else ""):
        yield Finding(path, f"it is {state}, but its chain of approval is {chain or 'not there'}")
    for attachment in letter.objectValues():
        yield from _file(f"{path}/{attachment.getId()}", attachment)
    if letter.indexable and path not in page.queued and site.portal_catalog._catalog.uids.get(path) is None:
        yield Finding(path, "it is not in the catalog, and nobody is going to put it there", letter.reindexObject)


def _numbers(path: str, letter: Any, entries: Sequence[RegisterEntry]) -> Iterator[Finding]:
    """The letter's number against the registers."""
    own = [entry for entry in entries if entry.direction in SENT and entry.state in ("issued", "cancelled")]
    if letter.received:
        if not any(entry.direction in RECEIVED and entry.unit == letter.agency for entry in entries):
            yield Finding(path, "it came from outside, but stands in no receive register of its agency")
        return
    if not own:
        if letter.number:
            yield Finding(path, f"it bears the number {letter.number}, which stands in no send register")
        elif state_of(letter) in ("dispatched", "closed"):
            yield Finding(path, "it is dispatched, but stands in no send register")
        return
    # Two lines where the level changed after dispatch: it bears one of the numbers.
    entry = own[-1]
    if (letter.number, letter.letter_date) not in {(one.number, one.date) for one in own}:
        text = (
            f"it bears {letter.number or 'no number'} of {letter.letter_date}, the register says {entry.number} of {entry.date}"
        )
        yield Finding(path, text, partial(_stamp, letter, entry))


def _stamp(letter: Any, entry: RegisterEntry) -> None:
    letter.number, letter.letter_date = entry.number, entry.date
    letter.reindexObject()


def _deliveries(path: str, letter: Any, rows: Sequence[Delivery]) -> Iterator[Finding]:
    """Rows point at the letter; who has a row may read it, and nobody reads it because of a row that is gone."""
    for row in rows:
        if row.letter_path != path:
            yield Finding(
                path,
                f"the delivery to {row.unit} says that it lies at {row.letter_path}",
                partial(_point, letter, row.id, path),
            )
    if letter.received:
        return
    live = {f"{CAUSE}{row.key}": row for row in rows if row.state in GRANTED}
    held = {cause for cause in letter._grants if cause.startswith(CAUSE)}
    for cause in sorted(live.keys() - held):
        row = live[cause]
        give = partial(letter.grant, cause, letter.reading_groups(row.unit, row.agency), letter.reading_role)
        yield Finding(path, f"{row.unit} has a delivery, but may not read it", give)
    for cause in sorted(held - live.keys()):
        yield Finding(path, f"somebody may read it because of {cause}, which is over", partial(letter.withdraw, cause))


def _point(letter: Any, row_id: int, path: str) -> None:
    row = session_of(letter).get(Delivery, row_id)
    if row is not None:
        row.letter_path = path


def _file(path: str, attachment: Any) -> Iterator[Finding]:
    """The file is there and is what was attached."""
    from ZODB.POSException import POSKeyError

    expected = getattr(attachment, "sha256", "")
    if not expected:
        yield Finding(path, "the digest of its file was never taken")
        return
    digest = hashlib.sha256()
    try:
        with attachment.file.open("r") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    except (POSKeyError, FileNotFoundError):
        yield Finding(path, f"its file {attachment.file.filename} is missing")
        return
    except OSError as error:  # a sealed file that does not open with the letter's key, or a disk that cannot be read
        yield Finding(path, f"its file {attachment.file.filename} cannot be read: {error} ({_where(attachment)})")
        return
    if digest.hexdigest() != expected:
        yield Finding(path, f"its file {attachment.file.filename} is not what was attached ({_where(attachment)})")


def _where(attachment: Any) -> str:
    return str(attachment.file._blob.committed())
