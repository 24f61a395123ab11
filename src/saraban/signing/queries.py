"""Chains and lists of letters in them, read from the ledger alone; each list goes along one index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from plone.uuid.interfaces import IUUID
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from saraban.classification import vault
from saraban.classification.clearances import levels_of
from saraban.classification.levels import NORMAL
from saraban.organisation.functions import agency_of
from saraban.routing.desks import Place
from saraban.routing.secrets import detach
from saraban.signing.tables import OPEN, SIGNED, TURN, SigningChain, SigningTurn

STATES = {"pending": OPEN, "signed": SIGNED}
"""Where a letter stands, and the state of its chain."""


@dataclass
class Chain:
    """A letter's last chain with its people in their order."""

    row: SigningChain
    turns: list[SigningTurn]

    @property
    def now(self) -> SigningTurn | None:
        """Who has the turn."""
        return next((one for one in self.turns if one.state == TURN), None) if self.row.state == OPEN else None


def last_chain(session: Session, uid: str) -> Chain | None:
    """The chain of a letter that was begun last; None for a letter that was never submitted."""
    asked = select(SigningChain).where(SigningChain.letter_uid == uid).order_by(SigningChain.round.desc()).limit(1)
    row = session.scalars(asked).first()
    return Chain(row, turns_of(session, [row.id])) if row is not None else None


def chains_of(session: Session, letter: Any) -> list[Chain]:
    """All chains of a letter, the first one first."""
    rows = session.scalars(select(SigningChain).where(SigningChain.letter_uid == IUUID(letter)).order_by(SigningChain.round))
    found = {row.id: Chain(row, []) for row in rows}
    for turn in turns_of(session, list(found)):
        found[turn.chain_id].turns.append(turn)
    return list(found.values())


def turns_of(session: Session, chains: Sequence[int]) -> list[SigningTurn]:
    """The people of chains, in their order."""
    if not chains:
        return []
    asked = select(SigningTurn).where(SigningTurn.chain_id.in_(chains))
    return list(session.scalars(asked.order_by(SigningTurn.chain_id, SigningTurn.position)))


@dataclass(frozen=True)
class Line:
    """A letter in a list, and who has the turn."""

    chain: SigningChain
    now: SigningTurn | None


@dataclass
class Page:
    """A page of a list, and how many there are in all."""

    total: int = 0
    lines: list[Line] = field(default_factory=list)


def _readable(person: str, secret: bool | None) -> ColumnElement[bool]:
    """A condition: letters of levels that a person is cleared for; only those above normal, or only the others."""
    ordinary = [] if secret else [NORMAL]
    return SigningChain.secrecy.in_([*ordinary, *(() if secret is False else levels_of(person))])


def waits_for(person: str, units: Sequence[str], secret: bool | None) -> Select[SigningChain, SigningTurn]:
    """The letters in which a person has the turn, in units where they hold a post."""
    return (
        select(SigningChain, SigningTurn)
        .select_from(SigningChain)
        .join(SigningTurn, SigningTurn.chain_id == SigningChain.id)
        .where(SigningTurn.person == person, SigningTurn.state == TURN, SigningTurn.unit.in_(units))
        .where(SigningChain.state == OPEN, _readable(person, secret))
    )


def mine(
    session: Session, person: str, units: Sequence[str], *, start: int, size: int, secret: bool | None = None, kind: str = ""
) -> Page:
    """What waits for a person, the longest first."""
    asked = waits_for(person, units, secret)
    asked = asked.where(SigningChain.kind == kind) if kind else asked
    total = session.scalar(asked.with_only_columns(func.count())) or 0
    rows = session.execute(asked.order_by(SigningTurn.since, SigningTurn.id).offset(start).limit(size))
    return Page(total, opened(session, [Line(chain, turn) for chain, turn in rows]))


def here(desks: Sequence[Place]) -> ColumnElement[bool] | None:
    """A condition: letters of these desks: of the whole agency for its central registry, else of the unit; None for no desk."""
    central = {desk for desk in desks if desk.unit == agency_of(desk.unit)}
    parts: list[ColumnElement[bool]] = []
    for level in dict.fromkeys(desk.level for desk in desks):
        agencies = sorted({desk.unit for desk in central if desk.level == level})
        units = sorted({desk.unit for desk in desks if desk.level == level and agency_of(desk.unit) not in agencies})
        if agencies:
            parts.append(and_(SigningChain.secrecy == level, SigningChain.agency.in_(agencies)))
        if units:
            parts.append(and_(SigningChain.secrecy == level, SigningChain.owner_unit.in_(units)))
    return or_(*parts) if parts else None


def of_desks(session: Session, desks: Sequence[Place], state: str, *, start: int, size: int, kind: str = "") -> Page:
    """The letters of these desks that wait for others (`pending`) or are to be dispatched (`signed`), the longest first."""
    place = here(desks)
    if place is None:
        return Page()
    asked = select(SigningChain).select_from(SigningChain).where(place, SigningChain.state == STATES[state])
    asked = asked.where(SigningChain.kind == kind) if kind else asked
    total = session.scalar(asked.with_only_columns(func.count())) or 0
    rows = list(
        session.scalars(asked.order_by(SigningChain.submitted_at, SigningChain.id).offset(start).limit(size)) if size else ()
    )
    now = {turn.chain_id: turn for turn in turns_of(session, [row.id for row in rows]) if turn.state == TURN}
    return Page(total, opened(session, [Line(row, now.get(row.id) if row.state == OPEN else None) for row in rows]))


def opened(session: Session, lines: Iterable[Line]) -> list[Line]:
    """The lines with their subjects readable, for who may see them."""
    found = list(lines)
    vault.prepare(session, [line.chain.letter_uid for line in found if line.chain.secrecy != NORMAL])
    for line in found:
        open_chain(line.chain)
    return found


def open_chain(row: SigningChain) -> SigningChain:
    """The row with its subject readable. Not for rows that are still to be changed."""
    if vault.is_sealed(row.title):
        title = vault.opened(row.letter_uid, row.title)
        detach(row)
        row.title = title
    return row
