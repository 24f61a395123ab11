"""Notices within the site: what a person is to know about a delivery, until they have seen it (L3, E35; LINE comes beside it).

A notice names a delivery, or a letter before it is sent, and says nothing of it: its subject is read at the moment of looking,
by who may read it then. Only
`unkept` is for who may not, and shows no more than the agency's own unit and the level. It is told to the post of head and not
to a person (`routing.keepers`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, delete, false, func, insert, or_, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from zope.component import getUtilitiesFor
from zope.interface import Interface

from saraban import _
from saraban.classification.clearances import levels_of, registrar_places
from saraban.classification.levels import NORMAL
from saraban.classification.tables import LetterKey, NeedToKnow
from saraban.ledger import clock
from saraban.ledger.errors import LedgerBusy
from saraban.organisation.functions import HEAD, REGISTRAR, SECRET_REGISTRAR
from saraban.organisation.posts import in_force, posts_of
from saraban.organisation.tables import Appointment
from saraban.routing.keepers import told_posts
from saraban.routing.secrets import open_delivery_row
from saraban.routing.tables import GONE, Assignment, Delivery, Notice, NoticeSeen

DUE_SOON, OVERDUE, URGENT_BY, CORRECTED, UNREAD = "due-soon", "overdue", "urgent-by", "corrected", "unread"
CLASSIFIED, UNKEPT = "classified", "unkept"
TO_SIGN, SIGNED, SENT_BACK = "to-sign", "signed", "sent-back"
"""Of letters in the chain of approval."""
KINDS: dict[str, str] = {
    DUE_SOON: _("notice_due_soon", default="Due soon"),
    OVERDUE: _("notice_overdue", default="Overdue"),
    URGENT_BY: _("notice_urgent_by", default="Not registered in time"),
    CORRECTED: _("notice_corrected", default="Corrected by the sender"),
    UNREAD: _("notice_unread", default="Please read and acknowledge"),
    CLASSIFIED: _("notice_classified", default="Level of secrecy changed"),
    UNKEPT: _("notice_unkept", default="A secret letter that nobody keeps"),
    TO_SIGN: _("notice_to_sign", default="Waiting for your signature"),
    SIGNED: _("notice_signed", default="Signed"),
    SENT_BACK: _("notice_sent_back", default="Sent back for changes"),
}


@dataclass(frozen=True)
class About:
    """A letter before it is sent, as a notice shows it."""

    path: str
    title: str
    kind: str
    urgency: str
    secrecy: str
    unit: str
    """Its owner unit."""


class ILetterNotices(Interface):
    """Of a room above that tells of letters before they are sent."""

    def readable(person: str) -> ColumnElement[bool]:  # type: ignore[empty-body]  # noqa: N805
        """A condition on `Notice`: it is about a letter that the person may know of."""

    def about(session: Session, uids: Collection[str]) -> Mapping[str, About]:  # type: ignore[empty-body]  # noqa: N805
        """The letters of the room among these, by UID, for who may know of them."""


@dataclass(frozen=True)
class Told:
    """A notice, and what the person may know of its delivery."""

    notice: Notice
    unit: str
    """The unit that received the letter."""
    secrecy: str
    """The letter's level now."""
    read_at: datetime | None
    """When the person saw it."""
    delivery: Delivery | None
    """Readable for the person; None in a notice of kind `unkept`, and of one about a letter."""
    letter: About | None = None
    """What a notice about a letter is about."""


def tell(session: Session, kind: str, rows: Iterable[Delivery], at: datetime, functions: Collection[str] = (HEAD,)) -> int:
    """A notice for each who works on these deliveries, and for the holders of the functions in their units; how many.

    Of a secret one the unit's registrars of secret information stand in the place of all functions.
    """
    by_id = {row.id: row for row in rows}
    told: set[tuple[str, str, int]] = set()
    given = select(Assignment).where(Assignment.delivery_id.in_(list(by_id)), Assignment.state == "open")
    told.update((one.person, one.unit, one.delivery_id) for one in session.scalars(given))
    holders: dict[str, list[tuple[str, str]]] = {}
    wanted = in_force(clock.today()).where(
        Appointment.unit.in_({row.unit for row in by_id.values()}),
        Appointment.function.in_({*functions, SECRET_REGISTRAR}),
    )
    for post in session.scalars(wanted):
        holders.setdefault(post.unit, []).append((post.person, post.function))
    for row in by_id.values():
        meant = functions if row.secrecy == NORMAL else (SECRET_REGISTRAR,)
        told.update((person, row.unit, row.id) for person, function in holders.get(row.unit, ()) if function in meant)
    return tell_persons(session, kind, told, at)


def tell_unit(session: Session, kind: str, unit: str, row: Delivery, at: datetime, functions: Collection[str] = (HEAD,)) -> int:
    """A notice about a delivery for a unit that did not receive it: the letter's sender. Of a secret one as in `tell`."""
    meant = functions if row.secrecy == NORMAL else (SECRET_REGISTRAR,)
    asked = in_force(clock.today()).where(Appointment.unit == unit, Appointment.function.in_(meant))
    return tell_persons(session, kind, {(post.person, unit, row.id) for post in session.scalars(asked)}, at)


def tell_persons(session: Session, kind: str, told: Iterable[tuple[str, str, int]], at: datetime) -> int:
    """A notice for each (person or post, unit of the post, delivery); how many."""
    lines = [
        {"person": person, "unit": unit, "kind": kind, "delivery_id": delivery, "at": at}
        for person, unit, delivery in sorted(told)
    ]
    if lines:
        session.execute(insert(Notice), lines)
    return len(lines)


def tell_letter(session: Session, kind: str, uid: str, person: str, unit: str, at: datetime) -> None:
    """A notice about a letter before it is sent, for a person in the unit of one of their posts."""
    session.execute(insert(Notice), {"person": person, "unit": unit, "kind": kind, "letter_uid": uid, "at": at})


def forget_letter(session: Session, uid: str) -> None:
    """Takes back what was told of a letter before it was sent: something else is true now."""
    session.execute(delete(Notice).where(Notice.letter_uid == uid))


def forget(session: Session, kind: str, rows: Iterable[Delivery]) -> None:
    """Takes back what was told of these deliveries and is true no more."""
    meant = [Notice.delivery_id.in_([row.id for row in rows]), Notice.kind == kind]
    session.execute(delete(NoticeSeen).where(NoticeSeen.notice_id.in_(select(Notice.id).where(*meant))))
    session.execute(delete(Notice).where(*meant))


DESK = (HEAD, REGISTRAR)
"""The functions of a unit's desk."""


def _mine(person: str) -> Select[Notice, Delivery, datetime]:
    """What is told to the person and to the posts that they hold: notice, delivery, when they saw it."""
    units = list(dict.fromkeys(post.unit for post in posts_of(person)))
    posts, of_posts = told_posts(person)
    may_know = or_(and_(Notice.kind != UNKEPT, _knows(person, units)), and_(Notice.kind == UNKEPT, of_posts))
    letters = or_(false(), *(room.readable(person) for _name, room in getUtilitiesFor(ILetterNotices)))
    return (
        select(Notice, Delivery, func.coalesce(Notice.read_at, NoticeSeen.at))
        .select_from(Notice)
        .outerjoin(Delivery, Delivery.id == Notice.delivery_id)
        .outerjoin(NoticeSeen, and_(NoticeSeen.notice_id == Notice.id, NoticeSeen.person == person))
        .where(Notice.person.in_([person, *posts]), Notice.unit.in_(units))
        .where(or_(and_(Delivery.state.not_in(GONE), may_know), and_(Notice.letter_uid.is_not(None), letters)))
    )


def _knows(person: str, units: Collection[str]) -> ColumnElement[bool]:
    """A condition: of a secret letter hears its registrar, who has work on it, who was let in, and who wrote it.

    Others may have been told of it while it was normal: to be cleared is not enough.
    """
    levels = levels_of(person)
    if not levels:
        return Delivery.secrecy == NORMAL
    desks = [and_(Notice.unit == unit, Delivery.secrecy == level) for unit, level in registrar_places(person)]
    given = select(Assignment.id).where(
        Assignment.delivery_id == Delivery.id, Assignment.person == person, Assignment.unit.in_(units)
    )
    let_in = select(NeedToKnow.id).where(
        NeedToKnow.letter_uid == Delivery.letter_uid,
        *(NeedToKnow.person == person, NeedToKnow.unit.in_(units), NeedToKnow.withdrawn_at.is_(None)),
    )
    written = select(LetterKey.uid).where(
        LetterKey.uid == Delivery.letter_uid, LetterKey.author == person, LetterKey.unit.in_(units)
    )
    by_name = or_(*(one.correlate(Delivery).exists() for one in (given, let_in, written)))
    return or_(Delivery.secrecy == NORMAL, *desks, and_(Delivery.secrecy.in_(levels), by_name))


_UNSEEN = and_(Notice.read_at.is_(None), NoticeSeen.at.is_(None))


def unread(session: Session, person: str) -> int:
    """How many notices the person has not seen."""
    return session.scalar(_mine(person).where(_UNSEEN).with_only_columns(func.count())) or 0


def listed(session: Session, person: str, *, start: int, size: int) -> tuple[int, list[Told]]:
    """The person's notices, the newest first."""
    mine = _mine(person)
    total = session.scalar(mine.with_only_columns(func.count())) or 0
    page = session.execute(mine.order_by(Notice.id.desc()).offset(start).limit(size)).all()
    uids = [notice.letter_uid for notice, _row, _at in page if notice.letter_uid]
    letters: dict[str, About] = {}
    for _name, room in getUtilitiesFor(ILetterNotices) if uids else ():
        letters.update(room.about(session, uids))
    return total, [_told(notice, row, read_at, letters) for notice, row, read_at in page]


def _told(notice: Notice, row: Delivery | None, read_at: datetime | None, letters: Mapping[str, About]) -> Told:
    if row is None:
        about = letters[str(notice.letter_uid)]
        return Told(notice, about.unit, about.secrecy, read_at, None, about)
    return Told(notice, row.unit, row.secrecy, read_at, None if notice.kind == UNKEPT else open_delivery_row(row))


def seen(session: Session, person: str, at: datetime, ids: Sequence[int] | None = None) -> int:
    """Marks the person's notices as seen, all or those of these ids; how many were new. Raises LedgerBusy."""
    asked = true() if ids is None else Notice.id.in_(ids)
    to_posts = _mine(person).where(_UNSEEN, Notice.kind == UNKEPT, asked)
    lines = [{"notice_id": id_, "person": person, "at": at} for id_ in session.scalars(to_posts.with_only_columns(Notice.id))]
    if lines:
        try:
            session.execute(insert(NoticeSeen), lines)
        except IntegrityError as error:  # the same person on two devices at once
            raise LedgerBusy("the notice is being marked") from error
    own = update(Notice).where(Notice.person == person, Notice.read_at.is_(None), asked)
    return len(lines) + int(session.connection().execute(own.values(read_at=at)).rowcount)
