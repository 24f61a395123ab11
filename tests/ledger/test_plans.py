"""No desk or dashboard, no list of circulars or notices, no report of numbers reads a whole table, on any database."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import transaction
import ZODB
from sqlalchemy import Connection as SQLConnection
from sqlalchemy import event, func, insert, select
from sqlalchemy.orm import Session
from ZODB.Connection import Connection
from zope.globalrequest import clearRequest, setRequest

from saraban.circulars import operations, queries, reminders
from saraban.circulars.tables import Receipt
from saraban.classification.levels import NORMAL
from saraban.classification.tables import Clearance, NeedToKnow
from saraban.ledger import clock
from saraban.ledger.connection import alone, engine_of, reader
from saraban.ledger.tables import RegisterEntry
from saraban.organisation.functions import ADMINISTRATOR, HEAD, SECRET_REGISTRAR, agency_of
from saraban.organisation.tables import Appointment
from saraban.registers import numberreport
from saraban.registers.numberreport import Wanted
from saraban.routing import desks, notices
from saraban.routing.queries import Filter, deliveries_of, desk
from saraban.routing.queries import Page as DeskPage
from saraban.routing.standing import standing
from saraban.routing.tables import Assignment, Delivery, DutyMark, Notice, NoticeSeen, Reservation

AGENCIES = [f"district-{number}" for number in range(20)]
SENDER, PERSON, LEVEL = "city-law", f"secret.{AGENCIES[0]}", "confidential"
HEAD_OF_TWO = f"director.{AGENCIES[0]}"
CIRCULARS, OTHERS, BESIDE = 150, 6000, 1000
ASKERS, RARE = [f"ฝ่าย {number}" for number in range(7)], "ฝ่ายเล็ก"
TABLES = (
    *("delivery", "circular_receipt", "notice", "notice_seen", "assignment", "need_to_know", "duty_mark"),
    *("register_entry", "reservation", "signing_chain", "signing_turn"),
)
SCAN = re.compile(rf"SCAN ({'|'.join(TABLES)})(_\d+)?\b")
READS = ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan")


def delivery(number: int, uid: str, unit: str, kind: str, secrecy: str = NORMAL) -> dict[str, Any]:
    at = clock.now() - timedelta(hours=number)
    return {
        "key": f"{uid}-{unit}", "letter_uid": uid, "letter_path": f"/{uid}", "unit": unit, "agency": agency_of(unit),
        "from_unit": SENDER, "sent_at": at, "letter_date": at.date(), "title": "x", "kind": kind, "secrecy": secrecy,
    }  # fmt: skip


def entry(number: int) -> dict[str, Any]:
    """A line of a register: of a send book and of a receive book in turns, of a few agencies, in this year."""
    direction, unit = ("send", "receive")[number % 2], AGENCIES[number % 3]
    rare = direction == "send" and number % 1200 == 0
    return {
        "book": f"{unit}/{direction}", "unit": unit, "direction": direction, "series": "order" if rare else "external",
        "year": clock.buddhist_year(), "seq": number, "number": str(number), "date": clock.today(),
        "sender": RARE if rare else ASKERS[number % 7], "state": "reserved" if number % 90 == 0 else "issued",
        "issued_by": "x", "issued_at": clock.now() + timedelta(seconds=number % 1000),
    }  # fmt: skip


@pytest.fixture(scope="module")
def filled(database: ZODB.DB) -> Iterator[Connection]:
    """Some thousand deliveries and receipts, and a person who is cleared and holds posts in two units."""
    jar = database.open(transaction.TransactionManager())
    rows = [delivery(number, f"letter-{number}", AGENCIES[number % len(AGENCIES)], "external") for number in range(OTHERS)]
    receipts = []
    for number in range(CIRCULARS):
        level = NORMAL if number % 30 else LEVEL
        for unit in (*AGENCIES, f"{AGENCIES[0]}.general"):
            rows.append(delivery(number, f"circular-{number}", unit, "circular", level))
            person = {"person": f"secret.{unit}", "unit": unit, "agency": agency_of(unit), "opened_at": clock.now()}
            if number % 3:
                receipts.append({"circular_uid": f"circular-{number}", **person})
    today, now = clock.today(), clock.now()
    appointed = {"post_th": "x", "valid_from": today, "created_by": "x", "created_at": now}
    posts = [
        Appointment(person=person, unit=unit, function=function, **appointed)
        for person, unit, function in (
            *((PERSON, unit, SECRET_REGISTRAR) for unit in (AGENCIES[0], f"{AGENCIES[0]}.general", AGENCIES[1])),
            *((HEAD_OF_TWO, unit, HEAD) for unit in AGENCIES[:2]),
            *((HEAD_OF_TWO, unit, ADMINISTRATOR) for unit in AGENCIES[2:4]),
        )
    ]
    order = {"order_number": "1", "order_date": today, "valid_from": today, "given_by": "x", "given_at": now}
    with alone(jar) as session:
        session.execute(insert(Delivery), rows)
        session.execute(insert(Receipt), receipts)
        for one in session.scalars(select(Delivery.id).where(Delivery.kind != "circular").limit(BESIDE)):
            beside = {"person": f"officer-{one}", "unit": SENDER}
            session.add(Assignment(delivery_id=one, given_by="x", given_at=now, **beside))
            session.add(Notice(delivery_id=one, kind=notices.OVERDUE, at=now, **beside))
            session.add(NeedToKnow(letter_uid=f"letter-{one}", agency=SENDER, reason="x", given_by="x", given_at=now, **beside))
            session.add(DutyMark(delivery_id=one, kind=notices.OVERDUE, due=today, at=now))
            if one % 10 < 3:  # of its own unit and of others, some of it is done
                work = {"unit": AGENCIES[0], "state": "closed" if one % 10 == 0 else "open"}
                session.add(Assignment(delivery_id=one, person=PERSON, given_by="x", given_at=now, **work))
        session.flush()
        session.add_all([NoticeSeen(notice_id=one, person=SENDER, at=now) for one in session.scalars(select(Notice.id))])
        session.add_all([*posts, Clearance(person=PERSON, level=LEVEL, **order)])
        session.execute(insert(RegisterEntry), [entry(number) for number in range(OTHERS)])
        kept = {"unit": AGENCIES[0], "series": "external", "person": "x", "made_at": now, "expires": today}
        for one in session.scalars(select(RegisterEntry.id).where(RegisterEntry.state == "reserved")):
            session.add(Reservation(key=f"kept-{one}", entry_id=one, purpose=f"for {one}", **kept))
    with engine_of(jar).connect() as connection:
        named = f" TABLE {', '.join(TABLES)}" if connection.dialect.name in ("mysql", "mariadb") else ""
        connection.exec_driver_sql(f"ANALYZE{named}")
        connection.commit()
    setRequest({"PARENTS": [jar.root()["letters"]]})
    yield jar
    clearRequest()
    jar.transaction_manager.abort()
    jar.close()


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A plan of PostgreSQL, with all that it stands on."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def whole_reads(connection: SQLConnection, statement: str, parameters: Any) -> list[str]:
    """Where a statement reads all rows of a large table, or a whole index."""
    if connection.dialect.name == "sqlite":
        steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
        return [step for step in steps if SCAN.match(step)]
    if connection.dialect.name == "postgresql":
        for way in ("seqscan", "hashjoin", "mergejoin"):  # best where tables are as small as a test's
            connection.exec_driver_sql(f"SET enable_{way} = off")
        plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
        read = [
            node
            for node in nodes(plan[0]["Plan"])
            if node["Node Type"] in READS and node.get("Relation Name", TABLES[0]) in TABLES
        ]
        # What of an index's first columns is not looked up makes the columns behind them useless.
        gap = [node for node in read if "delivery_circular" in node.get("Index Name", "") and "kind" not in node["Index Cond"]]
        return [str(node) for node in [*gap, *(one for one in read if "Index Cond" not in one)]]
    lines = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).mappings()
    return [str(line) for line in lines if line["type"] in ("ALL", "index") and SCAN.match(f"SCAN {line['table']}")]


def lists(session: Session) -> None:
    """Every list and count of circulars, in all its shapes."""
    for agencies in ([AGENCIES[0]], AGENCIES[:2]):
        queries.unread(session, PERSON, agencies)
        for year, issuer, start in itertools.product((0, clock.buddhist_year()), ("", SENDER), (0, 45, 100)):
            queries.received(session, PERSON, agencies, year=year, issuer=issuer, start=start, size=25)


def readers(session: Session) -> None:
    """Who has read one."""
    queries.readers(session, "circular-1", deliveries_of(session, "circular-1"), 0, 5)


def reminded(session: Session) -> None:
    """Who is to be reminded, by the sender and by the worker."""
    rows = deliveries_of(session, "circular-1")
    reminders.unread_desks(session, "circular-1", rows)
    reminders.unacknowledged(session, "circular-1", rows)
    reminders.reminded(session, rows)
    reminders.forgotten(session, clock.now())


def own(session: Session) -> None:
    """By which delivery one came to a person."""
    list(session.scalars(operations.came_to(PERSON, "circular-1", NORMAL)))


def told(session: Session) -> None:
    """The notices of a head and administrator, to the person and to the posts."""
    notices.unread(session, HEAD_OF_TWO)
    notices.listed(session, HEAD_OF_TWO, start=0, size=25)


@contextmanager
def at_desks(*units: str) -> Iterator[None]:
    """Within it somebody works at the desks of these units; who it is the site would know, and there is none here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desks, "desk_units", lambda: list(units))
        yield


def inbox(session: Session, **asked: Any) -> DeskPage:
    """What lies on the desks of two units, and what the person was given."""
    window = {"start": asked.pop("start", 0), "size": asked.pop("size", 25)}
    with at_desks(*AGENCIES[:2]):
        return desk(session, AGENCIES[:2], Filter(**asked), person=PERSON, posts=AGENCIES[:2], **window)


def worked(session: Session) -> None:
    """Desks, inboxes and dashboards, in their shapes."""
    dated = {"sort_on": "due_date", "descending": False}
    shapes: list[dict[str, Any]] = [{}, {"start": 200}, {"states": ("sent",)}, {"overdue": True, **dated}, {"due_soon": False}]
    for asked in [*shapes, {"states": ("registered",), "without_order": True}]:
        inbox(session, **asked)
    with at_desks(*AGENCIES[:2]):
        desk(session, AGENCIES[:2], Filter(), start=0, size=25)
        standing(session, AGENCIES[:2], PERSON, AGENCIES[:2], AGENCIES[:1])
    with at_desks():
        desk(session, [], Filter(), start=0, size=25, person=PERSON, posts=AGENCIES[:2])


def heard(jar: Connection, asked: Callable[[Session], None]) -> dict[str, Any]:
    """The statements that are asked of the database, with their values."""
    statements: dict[str, Any] = {}

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        statements.setdefault(statement, parameters)

    with reader(jar) as session:
        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        try:
            asked(session)
        finally:
            event.remove(engine, "before_cursor_execute", note)
    return statements


WANTED = [
    Wanted(agency=AGENCIES[0], year=clock.buddhist_year(), **more)
    for more in (
        {}, {"unit": ASKERS[0]}, {"unit": RARE}, {"unit": "nobody"}, {"series": "order"}, {"unused": True},
        {"only": (ASKERS[0], RARE)}, {"unit": RARE, "series": "external"},
    )
]  # fmt: skip


def numbers(session: Session) -> None:
    """The report of numbers, in all its shapes."""
    for wanted, start in itertools.product(WANTED, (0, 300)):
        numberreport.report(session, wanted, start, 25)


@pytest.mark.parametrize("asked", [lists, readers, reminded, own, numbers, told, worked])
def test_no_plan_reads_a_whole_table(filled: Connection, asked: Callable[[Session], None]) -> None:
    statements = heard(filled, asked)
    with engine_of(filled).connect() as connection:
        found = {statement: whole_reads(connection, statement, parameters) for statement, parameters in statements.items()}
    assert statements
    assert [(statement, reads) for statement, reads in found.items() if reads] == []


def test_numbers_are_counted_and_found_in_an_index(filled: Connection) -> None:
    """No line is looked up but those that are shown (MariaDB's indexes hold the beginning of a text: it looks up)."""
    statements = heard(filled, numbers)
    with engine_of(filled).connect() as connection:
        if connection.dialect.name != "sqlite":
            pytest.skip("SQLite's plans say which indexes hold all that is asked")
        plans = [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()[0][3]
            for statement, parameters in statements.items()
            if "JOIN reservation" not in statement
        ]
    found = [plan for plan in plans if "COVERING INDEX register_entry_" not in plan]
    assert len(plans) > len(WANTED)
    assert found == []


def test_a_report_of_numbers_is_what_was_asked_for(filled: Connection) -> None:
    lines = [entry(number) for number in range(OTHERS) if number % 6 == 0]
    with reader(filled) as session:
        for wanted in WANTED:
            found = numberreport.report(session, wanted, 0, 1000)
            pages = [numberreport.report(session, wanted, start, 40).lines for start in range(0, len(lines) + 40, 40)]
            mine = [
                line
                for line in lines
                if (not wanted.series or line["series"] == wanted.series)
                and (wanted.only is None or line["sender"] in wanted.only)
                and (not wanted.unused or line["state"] == "reserved")
            ]
            counted = {one.unit: (one.issued, one.reserved, one.total) for one in found.units}
            assert counted == {
                unit: (
                    sum(line["sender"] == unit and line["state"] == "issued" for line in mine),
                    sum(line["sender"] == unit and line["state"] == "reserved" for line in mine),
                    sum(line["sender"] == unit for line in mine),
                )
                for unit in {line["sender"] for line in mine}
            }
            shown = [line for line in mine if wanted.unit in ("", line["sender"])]
            shown.sort(key=lambda line: (line["seq"] % 1000, line["seq"]))
            assert [line.entry.seq for line in found.lines] == [line["seq"] for line in shown]
            assert [line.entry.seq for page in pages for line in page] == [line["seq"] for line in shown]
            assert found.total == len(shown)
            assert all((line.entry.state == "reserved") == line.purpose.startswith("for ") for line in found.lines)


def test_the_guard_would_see_it(filled: Connection) -> None:
    with engine_of(filled).connect() as connection:
        assert whole_reads(connection, "SELECT count(*) FROM delivery WHERE agency <> 'x' AND title = 'x'", ())


def test_a_list_is_what_it_was_asked_for(filled: Connection) -> None:
    """Unread first, latest first, each once; what is secret only to whom it is for; no line twice on two pages."""
    with reader(filled) as session:
        pages = [queries.received(session, PERSON, AGENCIES[:2], start=start, size=40) for start in range(0, 200, 40)]
        other = queries.received(session, "officer", AGENCIES[:1])
    lines = [
        (int(line.delivery.number or line.delivery.letter_uid.partition("-")[2]), line.read)
        for page in pages
        for line in page.lines
    ]
    wanted = [(number, bool(number % 3)) for number in range(CIRCULARS)]
    assert lines == sorted(wanted, key=lambda line: (line[1], line[0]))
    assert {(page.total, page.unread) for page in pages} == {(CIRCULARS, CIRCULARS // 3)}
    normal = CIRCULARS - CIRCULARS // 30
    assert (other.total, other.unread) == (normal, normal)


def test_an_inbox_has_each_line_once_and_says_how_many(filled: Connection) -> None:
    with reader(filled) as session:
        pages = [inbox(session, start=start, size=70) for start in range(0, 1050, 70)]
        rows = list(session.scalars(select(Delivery)))
        work = set(
            session.scalars(select(Assignment.delivery_id).where(Assignment.person == PERSON, Assignment.state == "open"))
        )
    wanted = [row for row in rows if row.secrecy == NORMAL and (row.unit in AGENCIES[:2] or row.id in work)]
    wanted.sort(key=lambda row: (row.sent_at, row.id), reverse=True)
    shown = [row.id for page in pages for row in page.rows]
    given = {id_ for page in pages for id_ in page.assigned}
    assert {row.unit for row in wanted} > {*AGENCIES[:2]}
    assert shown == [row.id for row in wanted[: len(shown)]]
    assert {page.total for page in pages} == {len(wanted)}
    assert given & work == {*shown} & work


def test_a_dashboard_counts_what_an_inbox_lists(filled: Connection) -> None:
    with reader(filled) as session:
        with at_desks(*AGENCIES[:2]):
            found = standing(session, AGENCIES[:2], PERSON, AGENCIES[:2], [])
            nobody = standing(session, [], "nobody", [], [])
        states = select(Delivery.unit, Delivery.kind).where(Delivery.secrecy == NORMAL, Delivery.unit.in_(AGENCIES[:2]))
        kinds = [kind for _unit, kind in session.execute(states)]
        work = select(func.count()).select_from(Assignment).where(Assignment.person == PERSON, Assignment.state == "open")
        assert (found.states["sent"], found.tasks) == (len(kinds), session.scalar(work))
    assert {kind: states["sent"] for kind, states in found.kinds.items()} == {kind: kinds.count(kind) for kind in set(kinds)}
    assert (nobody.incoming, nobody.tasks, nobody.away) == (0, 0, 0)
