"""A letter changes its level (ปรับชั้นความลับ): by the originator or above, with the reason, and all who hold it are told (E30).

Up from normal it is raised by the registrar or the head of the agency whose letter it is; they lose sight of it in the same
moment unless it was given to them by name and they are cleared, and its registrar of secret information has it. Every change
after that is the work of this registrar, cleared for both levels.

Above the originator stand the agencies above it in the chart (`domain.md` 2.4: the originating authority or its superior):
their heads and registrars of secret information change the level of a letter that they may see, cleared for both levels. The
originator is then told like everybody who holds it. Any other receiver never changes it. A letter from outside can be raised
here, where it was entered too low, but not lowered: its originator is elsewhere, and so is who stands above that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from plone.uuid.interfaces import IUUID
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from zope.component import getUtilitiesFor
from zope.event import notify
from zope.interface import Interface

from saraban.classification import vault
from saraban.classification.clearances import levels_of, ready_units, registrar_levels
from saraban.classification.errors import NobodyCleared
from saraban.classification.levels import LEVELS, NORMAL
from saraban.classification.tables import NeedToKnow
from saraban.errors import Forbidden
from saraban.ledger import numbers
from saraban.ledger.acts import Act, act
from saraban.ledger.tables import IdempotencyKey, RegisterEntry
from saraban.letters import fields, levels
from saraban.organisation import chart
from saraban.organisation.acting import current_actor, current_person
from saraban.organisation.allow import may, require
from saraban.organisation.functions import AUTHORITIES, HEAD, REGISTRAR, SECRET_REGISTRAR
from saraban.organisation.posts import posts_of
from saraban.routing import control, keepers, notices
from saraban.routing.books import SECRET_BOOKS, control_book
from saraban.routing.errors import SameLevel
from saraban.routing.events import LetterClassified
from saraban.routing.known import known_by
from saraban.routing.secrets import (
    DELIVERY_TEXTS,
    ENTRY_TEXTS,
    OPEN_ENTRY_TEXTS,
    cover_entry,
    cover_values,
    texts_of,
    texts_of_entry,
)
from saraban.routing.steps import write_steps
from saraban.routing.tables import GONE, Assignment, Delivery, DeliveryStep, LetterVersion

CLASSIFY = "Saraban: Classify letter"
ORIGINATORS = (REGISTRAR, HEAD, SECRET_REGISTRAR)
"""Who raises a letter of their agency from normal."""


class IKeptOfLetters(Interface):
    """Of a room above: what it keeps in the ledger about letters, which a change of level reaches."""

    def texts(session: Session, uid: str) -> Iterable[tuple[Any, str]]:  # type: ignore[empty-body]  # noqa: N805
        """Rows, and which of their columns holds a text of the letter, or about it."""

    def grants(session: Session, letter: Any) -> Mapping[str, tuple[tuple[str, str], ...]]:  # type: ignore[empty-body]  # noqa: N805
        """What the room gives on the letter at its level: cause → who has which role."""


CONTROL_WORDS = {"up": "ปรับชั้นความลับขึ้น", "down": "ปรับลดชั้นความลับ", "off": "ยกเลิกชั้นความลับ"}


def classify(letter: Any, data: Mapping[str, Any]) -> list[str]:
    """Moves the letter to another level, with all that the ledger says of it.

    Returns the agencies that hold it and have nobody to keep it at the new level: their heads are told that, and no more.
    Raises Forbidden, Missing, Invalid, TopSecretNotElectronic, NobodyCleared, SameLevel.
    """
    require(CLASSIFY, letter)
    values = fields.level_values(data)
    after, owner = values["secrecy"], letter.agency
    unit = _authority(letter, after)
    if after != NORMAL and not ready_units(after, [owner]):
        raise NobodyCleared()
    with act(letter, current_actor(unit), "classify", IUUID(letter)) as current:
        rows = current.lock(Delivery, Delivery.letter_uid == IUUID(letter))
        numbers.lock(current, [control_book(owner)])
        current.refresh()
        require(CLASSIFY, letter)
        _authority(letter, after)
        before = letter.secrecy
        if before == after:
            raise SameLevel()
        subject = letter.title or letter.to_text or ""
        if NORMAL in (before, after):
            _change_seal(current, letter, rows, after)
        else:
            levels.change(letter, after, current.session)
        for row in rows:
            row.secrecy = after
        if after != NORMAL:  # what is secret is not published, and nothing says any more that it was to be
            letter.publish = ""
            for row in rows:
                row.publish = ""
        letter.secrecy_reason = values["reason"] if after != NORMAL else ""
        letter.grant_anew(grants_of(current, letter, rows))
        way = "off" if after == NORMAL else "up" if levels.is_raised(before, after) else "down"
        by = "" if unit == owner else f"โดย{chart.units([unit])[unit].title_th}"
        control.note(current, letter, owner, addressee="", remark=CONTROL_WORDS[way], action=by, subject=subject)
        told = [row for row in rows if row.state not in GONE]
        note = f"{before} → {after}: {values['reason']}"
        write_steps(current, "classified", told, unit=unit, to_unit=True, note=note, letter_uid=IUUID(letter))
        notices.tell(current.session, notices.CLASSIFIED, told, current.at, notices.DESK)
        if unit != owner and told:
            notices.tell_unit(current.session, notices.CLASSIFIED, owner, told[0], current.at, notices.DESK)
        unkept = keepers.unkept(told, after, owner)
        notices.forget(current.session, notices.UNKEPT, rows)
        notices.tell_persons(current.session, notices.UNKEPT, keepers.heads(unkept), current.at)
        current.note(before=before, after=after, by=unit, unkept=[row.agency for row in unkept])
        notify(LetterClassified(letter, tuple(told), before, after, current))
    return [row.agency for row in unkept]


def levels_for(letter: Any) -> list[str]:
    """The levels to which the logged-in person may move the letter now; none for who may not."""
    if not may(CLASSIFY, letter):
        return []
    others = [level for level in (NORMAL, *LEVELS) if level != letter.secrecy]
    return [level for level in others if _is_originator(letter, level) or _superior(letter, level)]


def _authority(letter: Any, after: str) -> str:
    """The unit as which the logged-in person changes the level: the originator, or an agency above it. Raises Forbidden."""
    unit = letter.agency if _is_originator(letter, after) else _superior(letter, after)
    if not unit:
        raise Forbidden()
    return str(unit)


def _is_originator(letter: Any, after: str) -> bool:
    """Whether the person classifies for the agency whose letter it is."""
    if letter.secrecy == NORMAL:
        return any(post.unit == letter.agency and post.function in ORIGINATORS for post in posts_of(current_person()))
    held = registrar_levels(current_person(), letter.agency)
    if letter.secrecy not in held or (after != NORMAL and after not in held):
        return False
    return not letter.received or levels.is_raised(letter.secrecy, after)


def _superior(letter: Any, after: str) -> str:
    """The nearest agency above the originator for which the person decides, cleared for both levels; empty for none."""
    if letter.received or not {letter.secrecy, after} - {NORMAL} <= set(levels_of(current_person())):
        return ""
    mine = {post.unit for post in posts_of(current_person()) if post.function in AUTHORITIES}
    return next((unit for unit in chart.superiors(letter.agency) if unit in mine), "")


def grants_of(current: Act, letter: Any, rows: list[Delivery]) -> dict[str, tuple[tuple[str, str], ...]]:
    """All that is given on a letter at its level, from the ledger: cause → who has which role."""
    role = letter.reading_role
    found = {"owner" if letter.received else "author": letter.owner_pairs()}
    live = {row.id: row for row in rows if row.state not in GONE}
    for row in live.values():
        if row.via == "system":
            found[f"delivery:{row.key}"] = tuple((group, role) for group in letter.reading_groups(row.unit, row.agency))
    given = select(Assignment).where(Assignment.delivery_id.in_(list(live))).order_by(Assignment.id)
    for one in current.session.scalars(given):
        cause = f"assignment:{live[one.delivery_id].key}"
        found[cause] = (*found.get(cause, ()), (letter.person_to_read(one.unit, one.person), role))
    open_ = select(NeedToKnow).where(NeedToKnow.letter_uid == IUUID(letter), NeedToKnow.withdrawn_at.is_(None))
    for known in current.session.scalars(open_.order_by(NeedToKnow.id)):
        found[f"need:{known.person}"] = ((letter.person_to_read(known.unit, known.person), role),)
    for _name, room in getUtilitiesFor(IKeptOfLetters):
        found.update(room.grants(current.session, letter))
    return found


def _change_seal(current: Act, letter: Any, rows: list[Delivery], after: str) -> None:
    """Every text of the ledger about the letter, read before the seal changes and written after it."""
    session, uid = current.session, IUUID(letter)
    entries = current.lock(RegisterEntry, RegisterEntry.document_uid == uid)
    ids = [row.id for row in rows]
    notes: list[tuple[Any, str]] = [(row, "result") for row in rows]
    notes += [(one, "instruction") for one in session.scalars(select(Assignment).where(Assignment.delivery_id.in_(ids)))]
    notes += [(step, "note") for step in session.scalars(select(DeliveryStep).where(DeliveryStep.letter_uid == uid))]
    corrected = list(session.scalars(select(LetterVersion).where(LetterVersion.letter_uid == uid)))
    notes += [(one, name) for one in corrected for name in ("reason", "content")]
    notes += [(one, "reason") for one in session.scalars(select(NeedToKnow).where(NeedToKnow.letter_uid == uid))]
    notes += [one for _name, room in getUtilitiesFor(IKeptOfLetters) for one in room.texts(session, uid)]
    plain = [vault.opened(uid, getattr(row, name)) for row, name in notes]
    sent = [texts_of(row) for row in rows]
    lines = [texts_of_entry(entry) if entry.sealed else None for entry in entries]

    levels.change(letter, after, session)

    for (row, name), text in zip(notes, plain, strict=True):
        setattr(row, name, vault.protect(session, uid, text))
    for row, texts in zip(rows, sent, strict=True):
        columns = cover_values(session, uid, after, {name: texts[name] for name in DELIVERY_TEXTS})
        for name, value in {"sealed": None, **columns}.items():
            setattr(row, name, value)
        digest = known_by(texts["sender"], row.number, row.letter_date)
        if row.known_by in ("", digest):  # an import has other keys
            row.known_by = digest if after == NORMAL else ""
    for entry, line in zip(entries, lines, strict=True):
        if after != NORMAL:
            ours = entry.direction in SECRET_BOOKS  # what stands there for everybody is no text about the letter
            cover_entry(session, entry, ENTRY_TEXTS if ours else OPEN_ENTRY_TEXTS)
        elif line is not None:
            entry.sealed = None
            for name, text in {**dict.fromkeys(ENTRY_TEXTS, ""), **line}.items():
                setattr(entry, name, text)
    if after != NORMAL:
        # An answer that is kept for a key that comes again holds the letter's text.
        session.execute(delete(IdempotencyKey).where(IdempotencyKey.answer.contains(uid, autoescape=True)))
    session.flush()
