"""Clerks who do what they like: random acts on a ledger, as the operations write them."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from saraban.classification.levels import CONFIDENTIAL, NORMAL, SECRET
from saraban.ledger import clock
from saraban.ledger.numbers import SEND
from saraban.ledger.tables import RegisterEntry
from saraban.routing.books import SECRET_SEND
from saraban.routing.tables import Assignment, Delivery, DeliveryStep

UNITS = ("district-dusit", "district-dusit.general", "district-sathon", "palace")
LEVELS = (NORMAL, CONFIDENTIAL, SECRET)


class Clerks:
    """Random acts, written as the operations write them: rows, and a step for each."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.serial = 0

    def act(self, session: Session, many: int = 1) -> None:
        """Some acts."""
        for _ in range(many):
            often = (self.send, self.open, self.register, self.register, self.give, self.close, self.close, self.close)
            self.chance.choice((*often, *often, *self.seldom()))(session)
            session.flush()

    def seldom(self) -> tuple[Callable[[Session], None], ...]:
        """What takes a letter out of figures, or into others."""
        return self.receive, self.reopen, self.send_back, self.recall, self.cancel, self.classify, self.forward

    def each(self, session: Session) -> None:
        """One of each of these."""
        for one in self.seldom():
            one(session)
            session.flush()

    def moment(self) -> datetime:
        return datetime(2024, 1, 1) + timedelta(seconds=self.chance.randrange(2 * 365 * 86_400))

    def some(self, session: Session, *states: str) -> Delivery | None:
        found = session.scalars(select(Delivery).where(Delivery.state.in_(states)).order_by(Delivery.id)).all()
        return self.chance.choice(found) if found else None

    def step(self, session: Session, what: str, *rows: Delivery, letter: str = "", at: datetime | None = None) -> None:
        """A step for each delivery, and one for the letter."""
        same: dict[str, Any] = {"at": at or clock.now(), "what": what, "unit": "x", "to_unit": "", "person": "x", "note": ""}
        same |= {"person_name": "", "post": ""}
        steps = [{**same, "letter_uid": row.letter_uid, "delivery_id": row.id} for row in rows]
        if letter:
            steps.append({**same, "letter_uid": letter, "delivery_id": None})
        if steps:
            session.execute(insert(DeliveryStep), steps)

    def delivery(self, session: Session, uid: str, unit: str, level: str, at: datetime, **values: Any) -> Delivery:
        self.serial += 1
        key = f"{self.chance.getrandbits(128):032x}"
        given: dict[str, Any] = {
            "key": key,
            "letter_uid": uid,
            "letter_path": "/",
            "unit": unit,
            "agency": unit.partition(".")[0],
            "secrecy": level,
        }
        given |= {"sent_at": at, "title": "t", "kind": "internal", "from_unit": "x", "state": "sent", **values}
        row = Delivery(**given)
        session.add(row)
        session.flush()
        return row

    def number(self, session: Session, uid: str, unit: str, level: str, at: datetime) -> None:
        self.serial += 1
        book, day = SEND if level == NORMAL else SECRET_SEND, clock.bangkok(at).date()
        line = RegisterEntry(
            book=f"{unit}/{book}/{self.chance.getrandbits(64)}", unit=unit, direction=book, series="internal",
            year=day.year + 543, seq=self.serial, number="1", date=day, document_uid=uid, issued_by="x", issued_at=at,
        )  # fmt: skip
        session.add(line)

    def send(self, session: Session) -> None:
        uid, at, level = f"{self.chance.getrandbits(128):032x}", self.moment(), self.chance.choice((NORMAL, NORMAL, *LEVELS))
        due = clock.bangkok(at).date() + timedelta(days=self.chance.randrange(20)) if self.chance.random() < 0.5 else None
        rows = [
            self.delivery(session, uid, unit, level, at, due_date=due)
            for unit in self.chance.sample(UNITS, self.chance.randrange(1, 4))
        ]
        self.number(session, uid, self.chance.choice(UNITS), level, at)
        self.step(session, "dispatched", *rows)

    def receive(self, session: Session) -> None:
        at = self.moment()
        values = {"from_unit": "", "state": "registered", "opened_at": at, "registered_at": at}
        row = self.delivery(session, f"{self.chance.getrandbits(128):032x}", UNITS[0], NORMAL, at, **values)
        self.step(session, "received", row)

    def later(self, moment: datetime) -> datetime:
        return moment + timedelta(seconds=int(self.chance.expovariate(1 / 200_000)))

    def open(self, session: Session) -> None:
        if row := self.some(session, "sent"):
            row.state, row.opened_at = "opened", self.later(row.sent_at)
            self.step(session, "opened", row)

    def register(self, session: Session) -> None:
        if row := self.some(session, "sent", "opened"):
            row.opened_at = row.opened_at or self.later(row.sent_at)
            row.state, row.registered_at = "registered", self.later(row.opened_at)
            self.step(session, "registered", row)

    def give(self, session: Session) -> None:
        if (row := self.some(session, "registered")) and row.registered_at:
            session.execute(delete(Assignment).where(Assignment.delivery_id == row.id, Assignment.person == "officer"))
            at = self.later(row.registered_at)
            session.add(Assignment(delivery_id=row.id, person="officer", unit=row.unit, given_by="x", given_at=at))
            self.step(session, "assigned", row)

    def close(self, session: Session) -> None:
        if (row := self.some(session, "registered")) and row.registered_at:
            row.state, row.closed_at = "closed", self.later(row.registered_at)
            self.step(session, "closed", row)

    def reopen(self, session: Session) -> None:
        if row := self.some(session, "closed"):
            row.state, row.closed_at = "registered", None
            self.step(session, "reopened", row)

    def send_back(self, session: Session) -> None:
        if row := self.some(session, "sent", "opened"):
            row.state = "returned"
            self.step(session, "returned", row)

    def forward(self, session: Session) -> None:
        if row := self.some(session, "registered"):
            made = self.delivery(
                session, row.letter_uid, self.chance.choice(UNITS), row.secrecy, self.moment(), parent_id=row.id
            )
            self.step(session, "forwarded", made)

    def recall(self, session: Session) -> None:
        if row := self.some(session, "sent", "opened"):
            row.state = "recalled"
            self.step(session, "recalled", row)

    def cancel(self, session: Session) -> None:
        """The number of a letter; nobody has to lose it for that."""
        if row := self.some(session, "registered", "closed"):
            session.execute(update(RegisterEntry).where(RegisterEntry.document_uid == row.letter_uid).values(state="cancelled"))
            self.step(session, "cancelled", letter=row.letter_uid)

    def classify(self, session: Session) -> None:
        """All deliveries of a letter; those that were sent back or recalled have no step of their own."""
        if row := self.some(session, "sent", "registered", "closed", "returned"):
            level = self.chance.choice([one for one in LEVELS if one != row.secrecy])
            rows = session.scalars(select(Delivery).where(Delivery.letter_uid == row.letter_uid)).all()
            for one in rows:
                one.secrecy = level
            self.step(session, "classified", *(one for one in rows if one.state != "returned"), letter=row.letter_uid)
