"""The chain of approval: who is asked to approve and sign a letter, in what order, and what they did (E31, E32).

One chain for each time that a letter is submitted. It has its own copy of what a list shows, so that no list wakes a letter.
Rows are not taken away when a letter is sent back: what was signed then is void, and is kept.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saraban.ledger.tables import ID, LONG, PRIMARY_KEY, SHORT, TABLE, UTC_TIME, Base

OPEN, SIGNED, SENT, ENDED = "open", "signed", "sent", "ended"
"""States of a chain: somebody has the turn; all have signed; the letter went out; it was sent back, and all of it is void."""
STANDING = (OPEN, SIGNED, SENT)
"""States in which what was signed counts."""
LATER, TURN, DONE = "later", "turn", "done"
"""States of a person's part in an open chain; in one that has ended what was not done stays as it was."""
APPROVER, SIGNER = "approver", "signer"


class SigningChain(Base):
    """A letter on its way through those who approve and sign it."""

    __tablename__ = "signing_chain"
    __table_args__ = (
        UniqueConstraint("letter_uid", "round"),
        Index("signing_chain_agency", "agency", "secrecy", "state", "submitted_at", "id", "kind"),
        Index("signing_chain_unit", "owner_unit", "secrecy", "state", "submitted_at", "id", "kind"),
        TABLE,
    )

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    letter_uid: Mapped[str] = mapped_column(ID)
    round: Mapped[int]
    """1 for the first time that the letter was submitted; the last one is what counts."""
    letter_path: Mapped[str] = mapped_column(LONG)
    agency: Mapped[str] = mapped_column(ID)
    owner_unit: Mapped[str] = mapped_column(ID)
    state: Mapped[str] = mapped_column(ID, default=OPEN)
    submitted_by: Mapped[str] = mapped_column(ID)
    submitted_at: Mapped[datetime] = mapped_column(UTC_TIME)
    changed_at: Mapped[datetime] = mapped_column(UTC_TIME)
    """When it came into its state."""
    # The letter as it was submitted: what a list shows.
    portal_type: Mapped[str] = mapped_column(ID)
    kind: Mapped[str] = mapped_column(ID)
    urgency: Mapped[str] = mapped_column(ID)
    secrecy: Mapped[str] = mapped_column(ID)
    title: Mapped[str] = mapped_column(Text, default="")
    """Sealed with the letter above normal."""


class SigningTurn(Base):
    """One person's part in a chain, and their signature once they gave it."""

    __tablename__ = "signing_turn"
    __table_args__ = (
        UniqueConstraint("chain_id", "position"),
        Index("signing_turn_person", "person", "state", "since", "id"),
        TABLE,
    )

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    chain_id: Mapped[int] = mapped_column(ForeignKey("signing_chain.id"))
    position: Mapped[int]
    """Approvers first, then signers, each in the order in which they were named."""
    role: Mapped[str] = mapped_column(ID)
    """`approver` or `signer`."""
    person: Mapped[str] = mapped_column(ID)
    unit: Mapped[str] = mapped_column(ID)
    """The unit of the post for which they were chosen: who leaves it loses the turn (E32, E34)."""
    state: Mapped[str] = mapped_column(ID, default=LATER)
    since: Mapped[datetime | None] = mapped_column(UTC_TIME)
    """When the turn came to them."""
    # The signature.
    at: Mapped[datetime | None] = mapped_column(UTC_TIME)
    person_name: Mapped[str] = mapped_column(SHORT, default="")
    post: Mapped[str] = mapped_column(SHORT, default="")
    """The post as it was then, the capacity included."""
    capacity: Mapped[str] = mapped_column(ID, default="")
    """A name of `organisation.functions.CAPACITIES`."""
    method: Mapped[str] = mapped_column(ID, default="")
    digest: Mapped[str] = mapped_column(Text, default="")
    """SHA-256 of what was signed (`digest.py`); sealed with the letter above normal, for it would betray a known content."""
