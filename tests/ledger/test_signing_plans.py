"""What waits for a signature is found along an index, on any database, however many letters were signed before."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import transaction
import ZODB
from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from tests.ledger.test_plans import AGENCIES, LEVEL, TABLES, delivery, heard, whole_reads
from ZODB.Connection import Connection
from zope.component import getGlobalSiteManager
from zope.globalrequest import clearRequest, setRequest

from saraban.classification.levels import NORMAL
from saraban.ledger import clock
from saraban.ledger.connection import alone, engine_of, reader
from saraban.organisation.functions import HEAD
from saraban.organisation.tables import Appointment
from saraban.routing import notices
from saraban.routing.desks import Place
from saraban.routing.notices import ILetterNotices
from saraban.routing.standing import Standing, Whose
from saraban.routing.tables import Delivery, Notice
from saraban.signing import queries
from saraban.signing.held import SigningFigures, SigningNotices
from saraban.signing.tables import SigningChain, SigningTurn

DIRECTOR = f"director.{AGENCIES[0]}"
CHAINS = 3000
UNITS = AGENCIES[:2]
DESKS = ([Place(unit, NORMAL) for unit in UNITS], [Place(f"{AGENCIES[0]}.general", NORMAL), Place(AGENCIES[0], LEVEL)])


def state(number: int) -> str:
    """Most have gone out."""
    return {0: "open", 1: "signed"}.get(number % 50, "sent")


@pytest.fixture(scope="module")
def filled(database: ZODB.DB) -> Iterator[Connection]:
    """Some thousand letters of a few agencies; few of them are under way."""
    jar = database.open(transaction.TransactionManager())
    now = clock.now()
    rows = [
        {
            "letter_uid": f"signing-{number}", "round": 1, "letter_path": "/x", "agency": AGENCIES[number % 20],
            "owner_unit": f"{AGENCIES[number % 20]}.general", "state": state(number), "submitted_by": "x",
            "submitted_at": now - timedelta(hours=number), "changed_at": now, "portal_type": "Letter", "kind": "external",
            "urgency": "normal", "secrecy": LEVEL if number % 100 == 0 else NORMAL, "title": "x",
        }
        for number in range(CHAINS)
    ]  # fmt: skip
    with alone(jar) as session:
        session.execute(
            insert(Delivery), [delivery(one, f"letter-{one}", AGENCIES[one % 20], "external") for one in range(600)]
        )
        session.execute(insert(SigningChain), rows)
        turns, told = [], []
        for id_, uid, at in (
            session.execute(select(SigningChain.id, SigningChain.letter_uid, SigningChain.state)).tuples().all()
        ):
            open_ = at == "open"
            mine = {"chain_id": id_, "position": 1, "role": "signer", "person": DIRECTOR if open_ else "x", "unit": AGENCIES[0]}
            turns.append({**mine, "state": "turn" if open_ else "done", "since": now})
            told.append(
                {
                    "person": DIRECTOR if open_ and id_ % 500 == 1 else f"officer-{id_}",
                    "unit": AGENCIES[0],
                    "kind": notices.TO_SIGN,
                    "letter_uid": uid,
                    "at": now,
                }
            )
        session.execute(insert(SigningTurn), turns)
        session.execute(insert(Notice), told)
        post = {"person": DIRECTOR, "unit": AGENCIES[0], "function": HEAD, "post_th": "x", "created_by": "x", "created_at": now}
        session.add(Appointment(**post, valid_from=clock.today()))
    with engine_of(jar).connect() as connection:
        named = f" TABLE {', '.join(TABLES)}" if connection.dialect.name in ("mysql", "mariadb") else ""
        connection.exec_driver_sql(f"ANALYZE{named}")
        connection.commit()
    setRequest({"PARENTS": [jar.root()["letters"]]})
    yield jar
    clearRequest()
    jar.transaction_manager.abort()
    jar.close()


def listed(session: Session) -> None:
    """The lists, in their shapes."""
    for desks, kind, start in itertools.product(DESKS, ("", "external"), (0, 10)):
        for name in ("pending", "signed"):
            queries.of_desks(session, desks, name, start=start, size=25, kind=kind)
    for secret, kind in itertools.product((None, True, False), ("", "external")):
        queries.mine(session, DIRECTOR, UNITS, start=0, size=25, kind=kind, secret=secret)
    queries.last_chain(session, "signing-1")


def counted(session: Session) -> None:
    """The figures of the dashboard."""
    for desks in DESKS:
        SigningFigures().add(Standing(), session, Whose(DIRECTOR, UNITS, desks, None))


def told(session: Session) -> None:
    """The notices, among which are those of letters."""
    room, manager = SigningNotices(), getGlobalSiteManager()
    manager.registerUtility(room, ILetterNotices, name="signing")
    try:
        notices.unread(session, DIRECTOR)
        notices.listed(session, DIRECTOR, start=0, size=25)
    finally:
        manager.unregisterUtility(room, ILetterNotices, name="signing")


@pytest.mark.parametrize("asked", [listed, counted, told])
def test_no_plan_reads_a_whole_table(filled: Connection, asked: Callable[[Session], None]) -> None:
    statements = heard(filled, asked)
    with engine_of(filled).connect() as connection:
        found = {statement: whole_reads(connection, statement, parameters) for statement, parameters in statements.items()}
    assert statements
    assert [(statement, reads) for statement, reads in found.items() if reads] == []


def test_lists_are_what_they_were_asked_for(filled: Connection) -> None:
    """Of each desk its own alone, at its level; the longest first; and each figure is the length of its list."""
    with reader(filled) as session:
        for desks in DESKS:
            page = queries.of_desks(session, desks, "pending", start=0, size=1000)
            at = [line.chain.submitted_at for line in page.lines]
            assert at == sorted(at)
            wanted = [
                number
                for number in range(CHAINS)
                if state(number) == "open"
                and any(
                    (LEVEL if number % 100 == 0 else NORMAL) == desk.level
                    and desk.unit in (AGENCIES[number % 20], f"{AGENCIES[number % 20]}.general")
                    for desk in desks
                )
            ]
            assert sorted(int(line.chain.letter_uid.partition("-")[2]) for line in page.lines) == wanted
            figures = Standing()
            SigningFigures().add(figures, session, Whose(DIRECTOR, UNITS, desks, None))
            assert (page.total, figures.signing["pending"]) == (len(wanted), len(wanted))
        mine = queries.mine(session, DIRECTOR, UNITS, start=0, size=1000)
    assert mine.total == len(mine.lines) == figures.to_sign == sum(state(n) == "open" and n % 100 != 0 for n in range(CHAINS))
