"""The verbs of the chain of approval: submit, sign, send back (เสนอลงนาม, ลงนาม, ส่งกลับแก้ไข; `api.md`, Signing).

Each is one act in one transaction, under a lock on the letter's chains: of two clicks at once one finds the turn taken. Rules:
`domain.md` 8, E31 (what waits or is signed is not changed), E32 (who signs holds the post on that day).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from plone.uuid.interfaces import IUUID
from sqlalchemy.exc import IntegrityError
from zope.event import notify

from saraban import _
from saraban.classification import vault
from saraban.errors import REQUIRED, Forbidden, Invalid
from saraban.ledger.acts import Act, Actor, act
from saraban.ledger.connection import reader
from saraban.ledger.errors import LedgerBusy
from saraban.letters import fields
from saraban.letters.operations import change_state, require_draft, state_of
from saraban.organisation.acting import current_actor, current_person
from saraban.organisation.allow import VIEW, require
from saraban.organisation.functions import CAPACITIES
from saraban.organisation.posts import Post
from saraban.routing.errors import NoteRequired
from saraban.routing.secrecy import may_send
from saraban.routing.steps import write_steps
from saraban.signing import people
from saraban.signing.digest import digest_of
from saraban.signing.errors import AlreadySigned, NotInSigning, NotYourTurn, PostEnded
from saraban.signing.events import LetterSentBack, LetterSigned, LetterSubmitted
from saraban.signing.queries import Chain, last_chain
from saraban.signing.tables import APPROVER, DONE, ENDED, OPEN, SIGNED, SIGNER, TURN, SigningChain, SigningTurn

CLICK = "click"
LATER_METHODS = ("image", "certificate")
"""Methods of `api.md` that come later."""
STANDS = {OPEN: "pending", SIGNED: "signed", ENDED: "draft"}
"""The state of a letter, by that of its last chain, until it is dispatched."""
CAUSE = "signing"
"""Why those who have or had the turn read the letter."""
APPROVED = "เห็นชอบเพื่อเสนอลงนาม"
"""What the movement says of an approver's part; into a letter's own record is written in Thai."""


def submit(letter: Any, data: Mapping[str, Any]) -> Chain:
    """Hands a draft to those who approve it and those who sign it (เสนอลงนาม), one after the other; it cannot be changed then.

    Raises Forbidden, Missing, NotADraft, Invalid.
    """
    require_draft(letter)
    people.chosen(letter, data)
    with act(letter, current_actor(letter.owner_unit), "submit", IUUID(letter)) as current:
        before = _locked(current, letter)
        current.refresh()
        require_draft(letter)
        named = people.chosen(letter, data)
        row = _begin(current, letter, before.row.round + 1 if before is not None else 1)
        turns = [
            SigningTurn(chain_id=row.id, position=at, role=one.role, person=one.person, unit=one.unit)
            for at, one in enumerate(named, 1)
        ]
        current.session.add_all(turns)
        change_state(letter, "submit")
        _give_turn(current, letter, turns[0])
        write_steps(current, "submitted", [], unit=letter.owner_unit, letter_uid=row.letter_uid)
        current.note(
            round=row.round,
            approvers=[one.person for one in named if one.role == APPROVER],
            signers=[one.person for one in named if one.role == SIGNER],
        )
        notify(LetterSubmitted(letter, row, turns[0], current))
    return Chain(row, turns)


def _begin(current: Act, letter: Any, number: int) -> SigningChain:
    """A new chain. Raises LedgerBusy where somebody else begins it in this moment."""
    uid = IUUID(letter)
    row = SigningChain(
        letter_uid=uid,
        round=number,
        letter_path="/".join(letter.getPhysicalPath()),
        agency=letter.agency,
        owner_unit=letter.owner_unit,
        submitted_by=current.actor.person,
        submitted_at=current.at,
        changed_at=current.at,
        portal_type=letter.portal_type,
        kind=letter.kind,
        urgency=letter.urgency,
        secrecy=letter.secrecy,
        title=vault.protect(current.session, uid, letter.title or letter.to_text or ""),
    )
    current.session.add(row)
    try:
        current.session.flush()
    except IntegrityError as error:
        raise LedgerBusy("the letter is being submitted") from error
    return row


def _locked(current: Act, letter: Any) -> Chain | None:
    """The letter's last chain under its lock, and those in it as they are now."""
    rows = current.lock(SigningChain, SigningChain.letter_uid == IUUID(letter))
    if not rows:
        return None
    row = max(rows, key=lambda one: one.round)
    turns = current.lock(SigningTurn, SigningTurn.chain_id == row.id)
    return Chain(row, sorted(turns, key=lambda one: one.position))


def _give_turn(current: Act, letter: Any, turn: SigningTurn) -> None:
    """From now on it is this person's turn, and they read the letter, wherever it lies."""
    turn.state, turn.since = TURN, current.at
    current.session.flush()
    letter.grant(CAUSE, [letter.person_to_read(turn.unit, turn.person)], letter.reading_role)


# Signing


def sign(letter: Any, data: Mapping[str, Any]) -> SigningTurn:
    """The one whose turn it is approves or signs (เห็นชอบ, ลงนาม); after the last one the letter is signed.

    `capacity` says in which of several posts. Raises Missing, Forbidden, NotYourTurn, PostEnded, NotInSigning, AlreadySigned,
    Invalid.
    """
    with reader(letter) as session:
        turn = require_turn(letter, last_chain(session, IUUID(letter)))
    method, capacity = signing_values(data)
    with act(letter, current_actor(turn.unit), "sign", IUUID(letter)) as current:
        chain = _locked(current, letter)
        current.refresh()
        turn = require_turn(letter, chain)
        assert chain is not None
        post = _post(turn, capacity)
        current.actor = _in_post(current.actor, post)
        turn.state, turn.at, turn.method = DONE, current.at, method
        turn.person_name, turn.post, turn.capacity = current.actor.name[:200], current.actor.post[:200], post.capacity
        turn.digest = vault.protect(current.session, chain.row.letter_uid, digest_of(letter))
        after = next((one for one in chain.turns if one.position > turn.position), None)
        if after is None:
            chain.row.state, chain.row.changed_at = SIGNED, current.at
            change_state(letter, "sign")
        else:
            _give_turn(current, letter, after)
        note = APPROVED if turn.role == APPROVER else ""
        write_steps(current, "signed", [], unit=turn.unit, note=note, letter_uid=chain.row.letter_uid)
        current.note(round=chain.row.round, role=turn.role, method=method, capacity=post.capacity)
        if not letter.is_secret:
            current.note(sha256=turn.digest)
        current.session.flush()
        notify(LetterSigned(letter, chain.row, turn, after, current))
    return turn


def require_turn(letter: Any, chain: Chain | None) -> SigningTurn:
    """The part of the logged-in person, whose turn it is. Raises what stands against it: whether they may comes first."""
    require(VIEW, letter)
    person, state = current_person(), _stands(letter, chain)
    part = [one for one in chain.turns if one.person == person] if chain is not None else []
    if state == "pending" and chain is not None:
        now = chain.now
        if now is not None and now.person == person:
            if not people.posts_for(person, now.unit, now.role):
                raise PostEnded()
            return now
        if any(one.state == DONE for one in part):
            raise AlreadySigned()
        raise NotYourTurn() if part else Forbidden()
    if state == "signed" and part:
        raise AlreadySigned()
    if part or people.is_head(person, letter.agency):
        raise NotInSigning()
    raise Forbidden()


def _stands(letter: Any, chain: Chain | None) -> str:
    """Where the letter stands. Before the lock the ledger may know of an act that the letter's snapshot does not show yet."""
    state = state_of(letter)
    known = STANDS.get(chain.row.state, state) if chain is not None else state
    return known if state in STANDS.values() else state


def signing_values(data: Mapping[str, Any]) -> tuple[str, str]:
    """`method`, and `capacity` where it is said. Raises Invalid."""
    method, capacity = data.get("method"), data.get("capacity") or ""
    wrong: dict[str, str] = {}
    if method in LATER_METHODS:
        wrong["method"] = _("error_method_later", default="Signing by image or certificate is not there yet: sign by “click”.")
    elif method != CLICK:
        names = {"names": ", ".join((CLICK, *LATER_METHODS))}
        wrong["method"] = _("error_field_choice", default="This must be one of: ${names}.", mapping=names)
    if not isinstance(capacity, str) or (capacity and capacity not in CAPACITIES):
        names = {"names": ", ".join(CAPACITIES)}
        wrong["capacity"] = _("error_field_choice", default="This must be one of: ${names}.", mapping=names)
    if wrong:
        raise Invalid(fields=wrong)
    return CLICK, capacity


def _post(turn: SigningTurn, capacity: str) -> Post:
    """The post in which the person signs: the own one, unless another is asked for or held alone. Raises Invalid."""
    posts = people.posts_for(turn.person, turn.unit, turn.role)
    found = [post for post in posts if post.capacity == capacity] if capacity else sorted(posts, key=_not_own)
    if not found:
        text = _("error_capacity", default="You hold no post here in this capacity.")
        raise Invalid(fields={"capacity": text})
    return found[0]


def _not_own(post: Post) -> bool:
    return post.capacity != "own"


def _in_post(actor: Actor, post: Post) -> Actor:
    return replace(actor, post=post.title(), unit=post.unit)


# Back to the draft


def send_back(letter: Any, data: Mapping[str, Any]) -> Chain:
    """Makes it a draft again (ส่งกลับแก้ไข): what was signed is void, and is kept.

    By who has the turn; until it is dispatched also by its author and by who sends it, and by those who have signed it once
    all have. Raises Missing, Forbidden, NotYourTurn, PostEnded, NoteRequired, NotInSigning, Invalid.
    """
    with reader(letter) as session:
        require_back(letter, last_chain(session, IUUID(letter)))
    note = fields.note_values(data, "note")["note"]
    if not note:
        raise NoteRequired(fields={"note": REQUIRED})
    with act(letter, current_actor(letter.owner_unit), "send-back", IUUID(letter)) as current:
        chain = _locked(current, letter)
        current.refresh()
        unit = require_back(letter, chain)
        assert chain is not None
        if unit != letter.owner_unit:
            current.actor = current_actor(unit)
        chain.row.state, chain.row.changed_at = ENDED, current.at
        current.session.flush()
        letter.withdraw(CAUSE)
        change_state(letter, "send-back")
        write_steps(current, "sent-back", [], unit=unit, note=note, letter_uid=chain.row.letter_uid)
        current.note(round=chain.row.round)
        notify(LetterSentBack(letter, chain.row, current))
    return chain


def may_send_back(letter: Any, chain: Chain | None) -> bool:
    """Whether the logged-in person may make it a draft again now."""
    try:
        return bool(require_back(letter, chain))
    except (Forbidden, NotYourTurn, PostEnded, NotInSigning):
        return False


def require_back(letter: Any, chain: Chain | None) -> str:
    """The unit as of which the logged-in person sends it back. Raises what stands against it."""
    require(VIEW, letter)
    person, state = current_person(), _stands(letter, chain)
    keeps = letter.author == person or may_send(letter)
    if state == "pending" and chain is not None:
        now = chain.now
        mine = now is not None and now.person == person and bool(people.posts_for(person, now.unit, now.role))
        if keeps and not mine:
            return str(letter.owner_unit)
        try:
            return require_turn(letter, chain).unit
        except AlreadySigned:  # it is for the next one now
            raise Forbidden() from None
    part = [one for one in chain.turns if one.person == person and one.state == DONE] if chain is not None else []
    signed = [one for one in part if one.role == SIGNER]
    if state == "signed" and chain is not None and (keeps or signed):
        return signed[-1].unit if signed else str(letter.owner_unit)
    if state != "signed" and (keeps or part or people.is_head(person, letter.agency)):
        raise NotInSigning()
    raise Forbidden()
