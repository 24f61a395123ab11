"""The audit trail is append-only, sealed in order, and shows tampering (issue: part 3, audit trail)."""

from __future__ import annotations

import threading
import tracemalloc
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import transaction
import ZODB
from freezegun import freeze_time
from sqlalchemy import Executable, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from tests.ledger.places import CLERK, Maker
from ZODB.Connection import Connection

from saraban.ledger import audit, clock, sealkey
from saraban.ledger.acts import act
from saraban.ledger.connection import alone, reader
from saraban.ledger.migrations.append_only import VERBS
from saraban.ledger.sealkey import SealKey, SealKeyMissing
from saraban.ledger.tables import AuditRow, AuditSeal, Lease
from saraban.ledger.trail import Wanted, read

ROWS = 12


@pytest.fixture
def trail(kind: str, maker: Maker) -> Iterator[Connection]:
    """A database of its own with twelve sealed rows: seven from one hour, five from the next."""
    database: ZODB.DB = maker.make(kind).open()
    jar = database.open(transaction.TransactionManager())
    with freeze_time("2026-06-01 02:00:00") as frozen:
        for number in range(ROWS):
            with act(jar, CLERK, "dispatch", f"uid{number}") as doing:
                doing.note(seq=number, units=["a", "b"])
            jar.transaction_manager.commit()
            if number == 6:
                audit.seal(jar)
                frozen.tick(3600)
        audit.seal(jar)
    yield jar
    jar.transaction_manager.abort()
    jar.close()
    database.close()


def drop_triggers(session: Session, kind: str) -> None:
    """What a tamperer with the database's password would do first."""
    dialect = "mysql" if kind == "mariadb" else kind
    for table in ("audit", "audit_seal"):
        for verb in VERBS[dialect]:
            on = f" ON {table}" if kind == "postgresql" else ""
            session.execute(text(f"DROP TRIGGER {table}_no_{verb}{on}"))


def ids(jar: Connection) -> list[int]:
    with reader(jar) as session:
        return list(session.scalars(select(AuditRow.id).order_by(AuditRow.id)))


def test_rows_are_sealed_in_order(trail: Connection) -> None:
    verdict = audit.verify(trail)
    assert (verdict.ok, verdict.sealed, verdict.sealed_to, verdict.first_bad) == (True, ROWS, ids(trail)[-1], None)
    assert verdict.sealed_at is not None
    assert verdict.sealed_at.isoformat() == "2026-06-01T03:00:00"
    assert audit.seal(trail) == 0


def test_row_that_waits_for_its_seal_is_no_fault(trail: Connection) -> None:
    audit.refused(CLERK, "dispatch", "uid0", "Forbidden", context=trail)
    verdict = audit.verify(trail)
    assert (verdict.ok, verdict.sealed) == (True, ROWS)
    assert audit.seal(trail) == 1
    assert audit.verify(trail).sealed == ROWS + 1


def test_rows_cannot_be_changed_or_deleted(trail: Connection, kind: str) -> None:
    statements: list[Executable] = [
        update(AuditRow).values(person="nobody"),
        delete(AuditRow),
        update(AuditSeal).values(digest=""),
        delete(AuditSeal),
    ]
    if kind == "postgresql":
        statements += [text("TRUNCATE audit"), text("TRUNCATE audit_seal")]
    if kind == "sqlite":
        statements.append(text("INSERT OR REPLACE INTO audit SELECT * FROM audit"))
    for statement in statements:
        with pytest.raises(DBAPIError, match="append-only"):
            execute(trail, statement)
    assert audit.verify(trail).ok


def execute(jar: Connection, statement: Executable) -> None:
    with alone(jar) as session:
        session.execute(statement)


def test_changed_row_is_named(trail: Connection, kind: str) -> None:
    """Whatever was changed in it, and though it be changed back: then all is well again."""
    good, bad = ids(trail)[3:5]
    with alone(trail) as session:
        drop_triggers(session, kind)
        row = session.get_one(AuditRow, bad)
    for column in ("at", "person", "post", "unit", "act", "uid", "address", "outcome", "detail"):
        before = getattr(row, column)
        changed = before + timedelta(microseconds=1) if isinstance(before, datetime) else f"{before}x"
        execute(trail, update(AuditRow).where(AuditRow.id == bad).values({column: changed}))
        verdict = audit.verify(trail)
        assert (verdict.ok, verdict.first_bad, verdict.reason, verdict.sealed_to) == (False, bad, "changed", good), column
        execute(trail, update(AuditRow).where(AuditRow.id == bad).values({column: before}))
        assert audit.verify(trail).ok, column


def test_removed_row_is_named(trail: Connection, kind: str) -> None:
    bad = ids(trail)[5]
    with alone(trail) as session:
        drop_triggers(session, kind)
        session.execute(delete(AuditRow).where(AuditRow.id == bad))
    verdict = audit.verify(trail)
    assert (verdict.ok, verdict.first_bad, verdict.reason, verdict.sealed) == (False, bad, "removed", 5)


def test_row_removed_with_its_seal_is_named(trail: Connection, kind: str) -> None:
    bad = ids(trail)[5]
    with alone(trail) as session:
        drop_triggers(session, kind)
        session.execute(delete(AuditRow).where(AuditRow.id == bad))
        session.execute(delete(AuditSeal).where(AuditSeal.audit_id == bad))
    verdict = audit.verify(trail)
    assert (verdict.ok, verdict.first_bad, verdict.reason) == (False, ids(trail)[5], "seal-missing")


def test_end_cut_off_is_noticed(trail: Connection, kind: str) -> None:
    last = ids(trail)[-1]
    with alone(trail) as session:
        drop_triggers(session, kind)
        session.execute(delete(AuditRow).where(AuditRow.id == last))
        session.execute(delete(AuditSeal).where(AuditSeal.audit_id == last))
    verdict = audit.verify(trail)
    assert (verdict.ok, verdict.first_bad, verdict.reason) == (False, last, "cut-off")


def test_row_inserted_among_sealed_ones_is_named_and_never_sealed(trail: Connection, kind: str) -> None:
    values = {"at": clock.now(), "person": "p", "post": "", "unit": "", "act": "x", "uid": "", "address": "", "outcome": "done"}
    execute(trail, insert(AuditRow).values(id=-5, detail="", **values))
    assert audit.seal(trail) == 0
    verdict = audit.verify(trail)
    assert (verdict.ok, verdict.first_bad, verdict.reason) == (False, -5, "inserted")


def test_swapped_rows_are_named(trail: Connection, kind: str) -> None:
    one, two = ids(trail)[3], ids(trail)[8]
    with alone(trail) as session:
        drop_triggers(session, kind)
        for before, after in ((one, -1), (two, one), (-1, two)):
            session.execute(update(AuditRow).where(AuditRow.id == before).values(id=after))
    verdict = audit.verify(trail)
    assert (verdict.ok, verdict.first_bad, verdict.reason) == (False, one, "swapped")


def test_act_that_commits_late_is_sealed_behind_the_others(trail: Connection, kind: str, maker: Maker) -> None:
    """No act waits for another's row: a lower id may be committed after a higher one is sealed."""
    if kind == "sqlite":
        pytest.skip("one writer at a time: ids are committed in order")
    begun, sealed = threading.Event(), threading.Event()

    def act_slowly() -> None:
        manager = transaction.TransactionManager()
        slow = trail.db().open(manager)
        with act(slow, CLERK, "dispatch", "slow"):
            pass
        begun.set()
        sealed.wait(30)
        manager.commit()
        slow.close()

    thread = threading.Thread(target=act_slowly)
    thread.start()
    assert begun.wait(30)
    with act(trail, CLERK, "dispatch", "quick"):
        pass
    trail.transaction_manager.commit()
    assert audit.seal(trail) == 1
    sealed.set()
    thread.join(30)
    assert audit.seal(trail) == 1
    assert audit.verify(trail).ok
    with reader(trail) as session:
        order = session.scalars(select(AuditSeal.audit_id).order_by(AuditSeal.position)).all()
    assert order[-2] > order[-1]


def test_only_identifiers_and_numbers_are_kept(trail: Connection) -> None:
    for detail in ({"subject": "ก" * 201}, {"when": timedelta(1)}, {"nested": {"a": 1}}):
        with pytest.raises(TypeError):
            audit.refused(CLERK, "dispatch", "uid", "Forbidden", detail, context=trail)


def test_memory_does_not_grow_with_the_trail(trail: Connection) -> None:
    row = {"at": clock.now(), "person": "p", "post": "", "unit": "", "act": "x", "uid": "u", "address": "", "outcome": "done"}
    with alone(trail) as session:
        session.execute(insert(AuditRow), [{**row, "detail": "d" * 500}] * 6000)
    while audit.seal(trail):
        pass
    tracemalloc.start()
    assert audit.verify(trail).sealed == ROWS + 6000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12_000_000


def seal_anew(jar: Connection, key: SealKey, rows: int = ROWS) -> None:
    """What somebody with every right in the database can write: another row, and the whole chain behind it."""
    with alone(jar) as session:
        trail = session.scalars(select(AuditRow).order_by(AuditRow.id)).all()
        trail[2].person = "somebody.else"
        for row in trail[rows:]:
            session.delete(row)
        session.execute(delete(AuditSeal))
        digest = "0" * 64
        for position, row in enumerate(trail[:rows], start=1):
            digest = key.link(position, digest, audit.canonical(row))
            session.add(AuditSeal(position=position, audit_id=row.id, digest=digest, sealed_at=clock.now()))
        lease = session.get_one(Lease, audit.LEASE)
        lease.holder = f"{rows}:{digest}:{key.end(rows, digest)}"


def test_a_chain_written_anew_without_the_key_is_not_believed(trail: Connection, kind: str) -> None:
    first = ids(trail)[0]
    with alone(trail) as session:
        drop_triggers(session, kind)
    seal_anew(trail, SealKey(b"x" * 32, 0))
    verdict = audit.verify(trail)
    assert (verdict.ok, verdict.first_bad, verdict.reason, verdict.sealed) == (False, first, "changed", 0)
    seal_anew(trail, SealKey(b"x" * 32, ROWS))  # links that bear no key
    assert audit.verify(trail).first_bad == first


def test_an_end_that_was_moved_is_noticed(trail: Connection, kind: str) -> None:
    """The digest of an earlier link stands in the database: only the key says that the chain ended there."""
    last = ids(trail)[-1]
    with alone(trail) as session:
        drop_triggers(session, kind)
        session.execute(delete(AuditRow).where(AuditRow.id == last))
        session.execute(delete(AuditSeal).where(AuditSeal.audit_id == last))
        before = session.scalars(select(AuditSeal).order_by(AuditSeal.position.desc())).first()
        assert before is not None
        lease = session.get_one(Lease, audit.LEASE)
        lease.holder = f"{before.position}:{before.digest}:{lease.holder.rpartition(':')[2]}"
    verdict = audit.verify(trail)
    assert (verdict.ok, verdict.reason) == (False, "cut-off")


def test_a_chain_from_before_the_key_goes_on_with_it(
    trail: Connection, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with alone(trail) as session:
        drop_triggers(session, kind)
    seal_anew(trail, SealKey(b"x" * 32, ROWS))
    monkeypatch.setenv("SARABAN_AUDIT_KEY_FILE", str(tmp_path / "audit-key"))
    with pytest.raises(SealKeyMissing):
        audit.verify(trail)
    sealkey.make(ROWS)
    assert (tmp_path / "audit-key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        sealkey.make(ROWS)
    with act(trail, CLERK, "dispatch", "after"):
        pass
    trail.transaction_manager.commit()
    assert audit.seal(trail) == 1
    assert audit.verify(trail).ok
    seal_anew(trail, SealKey(b"x" * 32, ROWS + 1), ROWS + 1)
    assert not audit.verify(trail).ok


def test_the_trail_is_read_newest_first_and_by_day(trail: Connection) -> None:
    with reader(trail) as session:
        everything = Wanted(since=date(2026, 6, 1))
        assert [row.uid for row in read(session, everything, size=3)] == ["uid11", "uid10", "uid9"]
        older = read(session, everything, before=read(session, everything, size=3)[-1].id, size=2)
        assert [row.uid for row in older] == ["uid8", "uid7"]
        assert [row.uid for row in read(session, Wanted(uid="uid4"))] == ["uid4"]
        assert len(read(session, Wanted(person=CLERK.person, act="dispatch", until=date(2026, 6, 1)))) == ROWS
        for nothing in (Wanted(since=date(2026, 6, 2)), Wanted(until=date(2026, 5, 31)), Wanted(uid="uid4", refused=True)):
            assert read(session, nothing) == []
