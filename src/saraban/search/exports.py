"""Lists of results as XLSX: made by the worker with the rights that the person has then, kept some days for this person."""

from __future__ import annotations

import io
import logging
import secrets
import time
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from AccessControl import getSecurityManager
from AccessControl.SecurityManagement import newSecurityManager, setSecurityManager
from openpyxl import Workbook
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, undefer
from zope.i18n import translate
from zope.interface import implementer

from saraban import _
from saraban.classification import vault
from saraban.errors import Forbidden, Missing
from saraban.ledger import clock, outbox
from saraban.ledger.acts import Act, act
from saraban.ledger.connection import alone, reader
from saraban.ledger.tables import OutboxRow
from saraban.organisation.acting import current_actor, current_person
from saraban.organisation.remembered import forget_request
from saraban.organisation.usercache import forget_users
from saraban.search import saved, service, wanted
from saraban.search.errors import ExportNotReady, ExportsWaiting
from saraban.search.found import Hit
from saraban.search.tables import Export
from saraban.search.titles import title_in
from saraban.spreadsheets import harmless
from saraban.thai.dates import short

KIND = "export"
"""Kind of the outbox rows."""
WAITING, WORKING, DONE, FAILED = "waiting", "working", "done", "failed"
MOST_ROWS = 20_000
PAGE = 1000
MOST_AT_ONCE = 3
"""Lists of one person that are being made."""
KEPT = timedelta(days=7)
HOUR = 3600.0
COLUMNS = (
    ("number", _("column_letter_number", default="Number")),
    ("letter_date", _("column_letter_date", default="Dated")),
    ("title", _("column_subject", default="Subject")),
    ("sender", _("column_from", default="From")),
    ("to_text", _("column_to", default="To")),
    ("kind", _("find_facet_kind", default="Kind")),
    ("urgency", _("find_facet_urgency", default="Urgency")),
    ("state", _("find_facet_state", default="State")),
    ("receive_number", _("column_receive_number", default="Receive no.")),
    ("receive_date", _("column_received_on", default="Received")),
    ("path", _("column_address", default="Address")),
)
logger = logging.getLogger(__name__)


def order(site: Any, form: Mapping[str, Any], language: str) -> Export:
    """Asks for a list for the logged-in person. Raises Invalid, ExportsWaiting, Forbidden."""
    person = current_person()
    if not person:
        raise Forbidden()
    row = Export(
        key=secrets.token_hex(16),
        person=person,
        query=saved.query_of(form),
        language=language,
        site_url=site.absolute_url(),
        state=WAITING,
    )
    with act(site, current_actor(), "export") as current:
        unfinished = select(func.count()).where(Export.person == person, Export.state.in_((WAITING, WORKING)))
        if (current.session.scalar(unfinished) or 0) >= MOST_AT_ONCE:
            raise ExportsWaiting(most=MOST_AT_ONCE)
        row.asked_at = current.at
        current.session.add(row)
        current.queue(KIND, "make", row.key)
        current.note(export=row.key)
    return row


def mine(session: Session, person: str) -> list[Export]:
    """The person's lists, the newest first."""
    return list(session.scalars(_kept().where(Export.person == person).order_by(Export.id.desc())))


def one(session: Session, person: str, key: str, *, content: bool = False) -> Export:
    """A list of the person's. Raises Missing: another's is not there; ExportNotReady where the file is asked for too early."""
    query = _kept().where(Export.person == person, Export.key == key)
    row = session.scalar(query.options(undefer(Export.content)) if content else query)
    if row is None:
        raise Missing()
    if content and row.content is None:
        raise ExportNotReady()
    return row


def _kept() -> Any:
    return select(Export).where(Export.asked_at > clock.now() - KEPT)


def remove(site: Any, key: str) -> None:
    """Forgets a list of the logged-in person before its time. Raises Missing."""
    with act(site, current_actor(), "delete-export", detail={"export": key}) as current:
        rows = current.lock(Export, Export.key == key, Export.person == current_person())
        if not rows:
            raise Missing()
        current.session.delete(rows[0])


@contextmanager
def acting_as(site: Any, person: str) -> Iterator[None]:
    """What the block does is done by that person, with the rights of this moment. Raises Missing for one who is gone."""
    before = getSecurityManager()
    # The worker's request lasts for days: what it remembers of posts and groups may be of yesterday.
    forget_request()
    forget_users()
    user = site.acl_users.getUserById(person)
    if user is None:
        raise Missing()
    newSecurityManager(None, user)
    try:
        yield
    finally:
        setSecurityManager(before)
        forget_request()
        forget_users()


@implementer(outbox.IDeliverer)
class Maker:
    """Makes the file of one list."""

    def deliver(self, site: Any, row: OutboxRow) -> None:
        """In pages, with the progress in the ledger; the last attempt that fails says so to the person."""
        with reader(site) as session:
            export = session.scalar(select(Export).where(Export.key == row.subject))
        if export is None or export.state == DONE:
            return
        try:
            with acting_as(site, export.person):
                content, letters = self._file(site, export)
        except Exception:  # whatever it was goes on to the worker, which writes it down; here only the person is told
            if row.attempts >= outbox.ATTEMPTS:
                _note(site, export.key, state=FAILED)
            raise
        with alone(site) as session:
            held = session.scalar(select(Export).where(Export.key == export.key).with_for_update())
            if held is None:
                return  # nobody wants it any more
            if _any_secret(session, letters):  # since it was read
                outbox.put(session, KIND, "make", export.key)
                return
            held.state, held.done_at, held.content, held.size = DONE, clock.now(), content, len(content)

    def _file(self, site: Any, export: Export) -> tuple[bytes, set[str]]:
        """The workbook, and the letters (UIDs) in it."""
        workbook = Workbook(write_only=True)
        sheet = workbook.create_sheet(f"{clock.buddhist_year()}")
        sheet.append([translate(title, target_language=export.language) for _name, title in COLUMNS])
        written: set[str] = set()
        for total, hits in _pages(wanted.read(saved.form_of(export.query))):
            for hit in hits:
                if hit.uid not in written:
                    written.add(hit.uid)
                    sheet.append([harmless(cell) for cell in _cells(site, hit, export)])
            _note(site, export.key, state=WORKING, written=len(written), total=min(total, MOST_ROWS), found=total)
        _note(site, export.key, written=len(written), total=len(written))
        kept = io.BytesIO()
        workbook.save(kept)
        return kept.getvalue(), written


def _any_secret(session: Session, letters: Iterable[str]) -> bool:
    """Whether one of these letters is above normal."""
    uids = sorted(letters)
    return any(vault.levels_of(session, uids[at : at + PAGE]) for at in range(0, len(uids), PAGE))


def anew(current: Act, name: str) -> None:
    """Makes the lists again that hold the letter of this name (the last part of its address): it is secret now."""
    session = current.session
    for key in session.scalars(select(Export.key).where(Export.state == DONE).order_by(Export.id).with_for_update()).all():
        row = session.scalars(select(Export).where(Export.key == key).options(undefer(Export.content))).one()
        if row.content is not None and _says(row.content, name):
            row.state, row.content, row.size, row.written, row.total, row.found = WAITING, None, 0, 0, 0, 0
            row.done_at = None
            current.queue(KIND, "make", key)
    session.flush()


def _says(content: bytes, word: str) -> bool:
    """Whether a word of Latin letters and figures stands in a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return any(word.encode() in parts.read(name) for name in parts.namelist())


def _pages(question: wanted.Wanted) -> Iterator[tuple[int, list[Hit]]]:
    """How many are found, and the hits of a page; a page with nothing ends it."""
    for start in range(0, MOST_ROWS, PAGE):
        found = service.find(replace(question.page(start, PAGE), facets=()))
        # Where nothing was found as typed, what comes near to it is a hint and no list.
        if found.near:
            yield 0, []
            return
        yield found.total, found.hits
        if start + PAGE >= found.total:
            return


def _cells(site: Any, hit: Hit, export: Export) -> list[str]:
    texts = {
        "letter_date": short(hit.letter_date) if hit.letter_date else "",
        "receive_number": f"{hit.receive_number}/{hit.receive_year}" if hit.receive_number is not None else "",
        "receive_date": short(hit.receive_date) if hit.receive_date else "",
        "path": export.site_url + hit.path.removeprefix("/".join(site.getPhysicalPath())),
        **{name: title_in(export.language, name, getattr(hit, name)) for name in ("kind", "urgency", "state")},
    }
    return [texts[name] if name in texts else getattr(hit, name) for name, _title in COLUMNS]


def _note(site: Any, key: str, **values: Any) -> None:
    with alone(site) as session:
        session.execute(update(Export).where(Export.key == key).values(**values))


@implementer(outbox.IRound)
class Tidying:
    """Forgets lists whose days are over."""

    def __init__(self) -> None:
        self._next = 0.0

    def round(self, site: Any) -> int:
        """Once an hour; never counts as work."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + HOUR
            with alone(site) as session:
                session.execute(delete(Export).where(Export.asked_at <= clock.now() - KEPT))
        return 0
