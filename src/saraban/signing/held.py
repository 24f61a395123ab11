"""What the rooms below ask of the chain of approval: verbs, figures, notices, and what a change of level must reach."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from plone.uuid.interfaces import IUUID
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from zope.interface import implementer

from saraban import _
from saraban.classification.clearances import levels_of
from saraban.classification.levels import NORMAL
from saraban.errors import DomainError
from saraban.ledger.connection import reader
from saraban.letters.operations import MODIFY, state_of
from saraban.organisation.allow import may
from saraban.routing.classify import IKeptOfLetters
from saraban.routing.notices import About, ILetterNotices
from saraban.routing.standing import IMoreFigures, Standing, Whose
from saraban.routing.tables import Notice
from saraban.routing.verbs import ILetterVerbs, Offered
from saraban.signing.operations import CAUSE, may_send_back, require_turn
from saraban.signing.queries import STATES, Chain, chains_of, here, last_chain, opened, waits_for
from saraban.signing.queries import Line as ListLine
from saraban.signing.tables import APPROVER, DONE, STANDING, TURN, SigningChain, SigningTurn

SUBMIT = _("verb_submit", default="Submit for signature")
SIGN = _("verb_sign", default="Sign")
APPROVE = _("verb_approve", default="Approve")
SEND_BACK = _("verb_send_back", default="Send back for changes")
TAKE_BACK = _("verb_take_back", default="Take back for changes")


@implementer(ILetterVerbs)
class LetterVerbs:
    """The verbs of this room on a letter's page."""

    def offered(self, letter: Any) -> list[Offered]:
        """What the logged-in person may do now, in the order of the buttons."""
        state = state_of(letter)
        if state == "draft" and not letter.received:
            return [Offered("submit", SUBMIT, primary=True)] if may(MODIFY, letter) else []
        if state not in STATES:
            return []
        with reader(letter) as session:
            chain = last_chain(session, IUUID(letter))
        turn = _turn(letter, chain)
        found = [Offered("sign", APPROVE if turn.role == APPROVER else SIGN, primary=True)] if turn is not None else []
        if may_send_back(letter, chain):
            found.append(Offered("send-back", SEND_BACK if turn is not None else TAKE_BACK, primary=False))
        return found


def _turn(letter: Any, chain: Chain | None) -> SigningTurn | None:
    """The logged-in person's turn, if it is theirs."""
    try:
        return require_turn(letter, chain)
    except DomainError:
        return None


@implementer(IMoreFigures)
class SigningFigures:
    """How many letters wait for a signature, the person's own and that of others, and how many are signed."""

    def add(self, found: Standing, session: Session, whose: Whose) -> None:
        """Two short walks: along what waits for the person, and along what is open at the desks."""
        if whose.posts:
            mine = waits_for(whose.person, whose.posts, whose.secret)
            found.to_sign = session.scalar(mine.with_only_columns(func.count())) or 0
        place = here(whose.desks)
        if place is None:
            return
        names = {state: name for name, state in STATES.items()}
        counted = select(SigningChain.state, SigningChain.kind, func.count()).where(place, SigningChain.state.in_(names))
        for state, kind, count in session.execute(counted.group_by(SigningChain.state, SigningChain.kind)):
            found.add_signing(names[state], kind, count)


@implementer(ILetterNotices)
class SigningNotices:
    """What a notice about a letter in a chain may say."""

    def readable(self, person: str) -> ColumnElement[bool]:
        """A condition on `Notice`: the letter is of a level that the person is cleared for."""
        chain = select(SigningChain.id).where(
            SigningChain.letter_uid == Notice.letter_uid, SigningChain.secrecy.in_([NORMAL, *levels_of(person)])
        )
        return chain.exists()

    def about(self, session: Session, uids: Collection[str]) -> Mapping[str, About]:
        """The letters of these notices."""
        rows = session.scalars(select(SigningChain).where(SigningChain.letter_uid.in_(uids)).order_by(SigningChain.round))
        last = {row.letter_uid: row for row in rows}
        return {
            line.chain.letter_uid: About(
                line.chain.letter_path,
                line.chain.title,
                line.chain.kind,
                line.chain.urgency,
                line.chain.secrecy,
                line.chain.owner_unit,
            )
            for line in opened(session, [ListLine(row, None) for row in last.values()])
        }


@implementer(IKeptOfLetters)
class SigningKept:
    """What lies in the ledger about a letter in a chain."""

    def texts(self, session: Session, uid: str) -> Iterable[tuple[Any, str]]:
        """Rows and the columns whose texts are sealed with the letter."""
        for row in session.scalars(select(SigningChain).where(SigningChain.letter_uid == uid)):
            yield row, "title"
            for turn in session.scalars(select(SigningTurn).where(SigningTurn.chain_id == row.id)):
                yield turn, "digest"

    def grants(self, session: Session, letter: Any) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Who reads the letter because they have, or had, the turn in the chain that counts."""
        chains = [chain for chain in chains_of(session, letter)[-1:] if chain.row.state in STANDING]
        turns = [turn for chain in chains for turn in chain.turns if turn.state in (TURN, DONE)]
        pairs = tuple((letter.person_to_read(turn.unit, turn.person), letter.reading_role) for turn in turns)
        return {CAUSE: pairs} if pairs else {}
