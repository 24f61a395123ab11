"""What the chain of approval does when something happens to a letter, and who is told of what happens in it."""

from __future__ import annotations

from typing import Any

from plone.uuid.interfaces import IUUID
from sqlalchemy import delete, select, update

from saraban.classification import vault
from saraban.ledger.acts import Act
from saraban.letters.events import LetterDeleted, LetterRaised
from saraban.routing import notices
from saraban.routing.events import LetterClassified, LetterDispatched
from saraban.signing.events import LetterSentBack, LetterSigned, LetterSubmitted
from saraban.signing.queries import last_chain
from saraban.signing.tables import SENT, SIGNED, SigningChain, SigningTurn


def submitted(event: LetterSubmitted) -> None:
    """Who has the turn is told; what was told of the letter before is over."""
    notices.forget_letter(event.act.session, event.chain.letter_uid)
    _tell_turn(event.act, event.chain, event.next)


def signed(event: LetterSigned) -> None:
    """The next one is told; after the last one who submitted it."""
    notices.forget_letter(event.act.session, event.chain.letter_uid)
    if event.next is not None:
        _tell_turn(event.act, event.chain, event.next)
    else:
        _tell_submitter(event.act, event.chain, notices.SIGNED)


def sent_back(event: LetterSentBack) -> None:
    """Who submitted it is told, unless they took it back themselves."""
    notices.forget_letter(event.act.session, event.chain.letter_uid)
    if event.act.actor.person != event.chain.submitted_by:
        _tell_submitter(event.act, event.chain, notices.SENT_BACK)


def _tell_turn(act: Act, chain: SigningChain, turn: SigningTurn) -> None:
    notices.tell_letter(act.session, notices.TO_SIGN, chain.letter_uid, turn.person, turn.unit, act.at)


def _tell_submitter(act: Act, chain: SigningChain, kind: str) -> None:
    notices.tell_letter(act.session, kind, chain.letter_uid, chain.submitted_by, chain.owner_unit, act.at)


def dispatched(event: LetterDispatched) -> None:
    """It waits no longer among what was signed; that it was signed need not be told any more."""
    uid, session = IUUID(event.letter), event.act.session
    gone = update(SigningChain).where(SigningChain.letter_uid == uid, SigningChain.state == SIGNED)
    if session.connection().execute(gone.values(state=SENT, changed_at=event.act.at)).rowcount:
        notices.forget_letter(session, uid)


def classified(event: LetterClassified) -> None:
    """Lists show it at its new level, to whom that is for (`held.py` sees to its texts and to who reads it).

    Who was told of it while it was normal may not know of it any more: who has the turn is told anew, and nobody else.
    """
    act, uid = event.act, IUUID(event.letter)
    _set_level(act, event.letter, event.after)
    notices.forget_letter(act.session, uid)
    chain = last_chain(act.session, uid)
    if chain is not None and chain.now is not None:
        _tell_turn(act, chain.row, chain.now)


def raised(event: LetterRaised) -> None:
    """A draft that was sent back is above normal from now on: what is kept of it is sealed."""
    uid, session = IUUID(event.letter), event.act.session
    for chain in session.scalars(select(SigningChain).where(SigningChain.letter_uid == uid)):
        chain.title = vault.protect(session, uid, chain.title)
        for turn in session.scalars(select(SigningTurn).where(SigningTurn.chain_id == chain.id)):
            turn.digest = vault.protect(session, uid, turn.digest)
    notices.forget_letter(session, uid)
    _set_level(event.act, event.letter, event.letter.secrecy)


def _set_level(act: Act, letter: Any, level: str) -> None:
    act.session.flush()
    act.session.execute(update(SigningChain).where(SigningChain.letter_uid == IUUID(letter)).values(secrecy=level))


def deleted(event: LetterDeleted) -> None:
    """A draft that was sent back goes, and its chains with it; the audit trail knows what was done."""
    uid, session = IUUID(event.letter), event.act.session
    chains = select(SigningChain.id).where(SigningChain.letter_uid == uid)
    session.execute(delete(SigningTurn).where(SigningTurn.chain_id.in_(chains)))
    session.execute(delete(SigningChain).where(SigningChain.letter_uid == uid))
    notices.forget_letter(session, uid)
