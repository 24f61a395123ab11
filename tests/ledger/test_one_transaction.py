"""Objects and rows are committed together or not at all, on each database (issue: part 3, "one database transaction")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import ZODB
from persistent.mapping import PersistentMapping
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from tests.ledger.places import CLERK, letters
from transaction.interfaces import DoomedTransaction, TransientError
from ZODB.blob import Blob
from ZODB.Connection import Connection
from ZODB.POSException import ConflictError

from saraban.ledger import engines, numbers, onetransaction
from saraban.ledger.acts import act
from saraban.ledger.connection import LedgerBusy, LedgerMisuse, alone, engine_of, jar_of, reader, refresh, session_of
from saraban.ledger.numbers import Book
from saraban.ledger.tables import AuditRow, NumberSeries, RegisterEntry


class Late:
    """A data manager that fails after RelStorage's vote."""

    transaction_manager = None

    def sortKey(self) -> str:  # noqa: N802
        return "~"

    def nothing(self, txn: Any) -> None:
        pass

    abort = tpc_begin = commit = tpc_finish = tpc_abort = nothing

    def tpc_vote(self, txn: Any) -> None:
        raise ValueError("late")


def send(jar: Connection, name: str) -> int:
    """A letter with a number, not yet committed."""
    with act(jar, CLERK, "dispatch", name) as doing:
        seq = numbers.issue(doing, Book(name, "send", "external"), write=str, document_uid=name).seq
        letters(jar)[name] = PersistentMapping(seq=seq, parts=PersistentMapping())
    return seq


def fail(jar: Connection, name: str) -> None:
    """An act that goes wrong after it has got its number."""
    with act(jar, CLERK, "dispatch") as doing:
        numbers.issue(doing, Book(name, "send", "external"), write=str, document_uid=None)
        raise ZeroDivisionError


def entries(jar: Connection, name: str) -> int:
    """What others see."""
    with reader(jar) as session:
        return session.scalar(select(func.count()).select_from(RegisterEntry).where(RegisterEntry.unit == name)) or 0


def test_commit_brings_object_entry_and_audit_row(jar: Connection, open_jar: Callable[[], Connection]) -> None:
    send(jar, "together")
    assert entries(jar, "together") == 0
    jar.transaction_manager.commit()
    assert entries(jar, "together") == 1
    assert letters(open_jar())["together"]["seq"] == 1
    with reader(jar) as session:
        assert session.scalars(select(AuditRow.outcome).where(AuditRow.uid == "together")).all() == ["done"]


def test_late_vote_failure_leaves_nothing(jar: Connection, open_jar: Callable[[], Connection]) -> None:
    send(jar, "late")
    for number in range(200):
        letters(jar)["late"]["parts"][number] = PersistentMapping(number=number)
    jar.transaction_manager.get().join(Late())
    with pytest.raises(ValueError, match="late"):
        jar.transaction_manager.commit()
    jar.transaction_manager.abort()
    assert entries(jar, "late") == 0
    assert "late" not in letters(jar)
    assert "late" not in letters(open_jar())
    assert send(jar, "late") == 1
    jar.transaction_manager.commit()
    assert entries(jar, "late") == 1


def test_conflict_rolls_the_ledger_back_and_the_retry_gets_the_same_number(
    jar: Connection, open_jar: Callable[[], Connection]
) -> None:
    letters(jar)["contested"] = PersistentMapping(by="")
    jar.transaction_manager.commit()
    other = open_jar()
    assert letters(jar)["contested"]["by"] == ""
    letters(other)["contested"]["by"] = "other"
    other.transaction_manager.commit()
    assert send(jar, "conflict") == 1
    letters(jar)["contested"]["by"] = "me"
    with pytest.raises(ConflictError):
        jar.transaction_manager.commit()
    jar.transaction_manager.abort()
    assert entries(jar, "conflict") == 0
    assert send(jar, "conflict") == 1
    letters(jar)["contested"]["by"] = "me"
    jar.transaction_manager.commit()
    assert entries(jar, "conflict") == 1
    assert letters(open_jar())["contested"]["by"] == "me"


def test_abort_leaves_nothing(jar: Connection) -> None:
    send(jar, "abort")
    jar.transaction_manager.abort()
    assert entries(jar, "abort") == 0
    assert "abort" not in letters(jar)


def test_error_in_an_act_dooms_the_transaction(jar: Connection) -> None:
    with pytest.raises(ZeroDivisionError):
        fail(jar, "doom")
    with pytest.raises(DoomedTransaction):
        jar.transaction_manager.commit()
    jar.transaction_manager.abort()
    assert entries(jar, "doom") == 0


def test_act_without_any_object_is_committed(jar: Connection) -> None:
    with act(jar, CLERK, "note") as doing:
        numbers.issue(doing, Book("rows-only", "send", "external"), write=str, document_uid=None)
    jar.transaction_manager.commit()
    assert entries(jar, "rows-only") == 1


def test_act_sees_its_own_rows_before_the_commit(jar: Connection) -> None:
    send(jar, "own")
    query = select(func.count()).select_from(RegisterEntry).where(RegisterEntry.unit == "own")
    assert session_of(jar).scalar(query) == 1
    assert session_of(letters(jar)) is session_of(jar)


def test_savepoint_rolls_rows_and_objects_back_more_than_once(jar: Connection) -> None:
    send(jar, "kept")
    savepoint = jar.transaction_manager.savepoint()
    for _ in range(3):
        send(jar, "dropped")
        savepoint.rollback()
        assert "dropped" not in letters(jar)
    assert send(jar, "after") == 1
    jar.transaction_manager.commit()
    assert [entries(jar, name) for name in ("kept", "dropped", "after")] == [1, 0, 1]


def test_what_comes_after_a_form_s_savepoint_is_committed(jar: Connection) -> None:
    send(jar, "before-form")
    jar.transaction_manager.savepoint(optimistic=True)
    jar.transaction_manager.savepoint(optimistic=True)
    send(jar, "after-form")
    jar.transaction_manager.commit()
    assert entries(jar, "before-form") == entries(jar, "after-form") == 1


def test_savepoint_older_than_the_session_rolls_all_of_it_back(jar: Connection) -> None:
    savepoint = jar.transaction_manager.savepoint(optimistic=True)
    send(jar, "young")
    savepoint.rollback()
    assert send(jar, "young") == 1
    jar.transaction_manager.commit()
    assert entries(jar, "young") == 1


def test_locked_series_is_locked_again_after_a_savepoint_s_rollback(jar: Connection) -> None:
    session_of(jar)
    savepoint = jar.transaction_manager.savepoint()
    send(jar, "relock")
    savepoint.rollback()
    assert send(jar, "relock") == 1
    assert send(jar, "relock") == 2
    jar.transaction_manager.commit()


def test_savepoint_that_undoes_every_object_still_commits_the_rows(jar: Connection) -> None:
    with act(jar, CLERK, "note") as doing:
        numbers.issue(doing, Book("only-rows-left", "send", "external"), write=str, document_uid=None)
    savepoint = jar.transaction_manager.savepoint()
    letters(jar)["undone"] = PersistentMapping()
    savepoint.rollback()
    jar.transaction_manager.commit()
    assert entries(jar, "only-rows-left") == 1
    assert "undone" not in letters(jar)


def test_blobs_go_the_same_way(jar: Connection, open_jar: Callable[[], Connection]) -> None:
    for name, commit in (("scan", True), ("lost", False)):
        send(jar, name)
        blob = Blob(b"scanned page")
        letters(jar)[name]["file"] = blob
        if commit:
            jar.transaction_manager.commit()
        else:
            jar.transaction_manager.get().join(Late())
            with pytest.raises(ValueError, match="late"):
                jar.transaction_manager.commit()
            jar.transaction_manager.abort()
    with letters(open_jar())["scan"]["file"].open() as file:
        assert file.read() == b"scanned page"
    assert entries(jar, "lost") == 0


def test_pack_keeps_the_ledger(jar: Connection, database: ZODB.DB) -> None:
    send(jar, "packed")
    jar.transaction_manager.commit()
    del letters(jar)["packed"]
    jar.transaction_manager.commit()
    database.pack()
    assert entries(jar, "packed") == 1
    send(jar, "packed")
    jar.transaction_manager.commit()
    assert entries(jar, "packed") == 2


def test_refresh_shows_what_was_committed_while_waiting(jar: Connection, open_jar: Callable[[], Connection]) -> None:
    other = open_jar()
    assert "meanwhile" not in letters(jar)
    letters(other)["meanwhile"] = PersistentMapping()
    other.transaction_manager.commit()
    with act(jar, CLERK, "look") as doing:
        assert "meanwhile" not in letters(jar)
        doing.refresh()
        assert "meanwhile" in letters(jar)
        letters(jar)["more"] = PersistentMapping()
        with pytest.raises(LedgerMisuse):
            refresh(jar)
        jar.transaction_manager.savepoint()  # empties the list of changed objects
        with pytest.raises(LedgerMisuse):
            doing.refresh()


def test_ignored_failure_of_a_statement_cannot_be_committed(jar: Connection, kind: str) -> None:
    session = session_of(jar)
    session.add(NumberSeries(book="twice", year=2569, last=0))
    session.flush()
    session.add(NumberSeries(book="twice", year=2569, last=0))
    with pytest.raises(IntegrityError):
        session.flush()
    with pytest.raises(LedgerMisuse):
        jar.transaction_manager.commit()
    jar.transaction_manager.abort()
    if kind == "postgresql":
        with pytest.raises(Exception, match="nothing_there"):
            session_of(jar).connection().exec_driver_sql("SELECT * FROM nothing_there")
        with pytest.raises(LedgerMisuse):
            jar.transaction_manager.commit()


def test_session_is_not_committed_by_hand(jar: Connection) -> None:
    session = session_of(jar)
    for end in (session.commit, session.rollback):
        with pytest.raises(LedgerMisuse):
            end()


def test_writing_alone_inside_an_act_is_refused_instead_of_waiting_for_itself(jar: Connection) -> None:
    session_of(jar)
    with pytest.raises(LedgerMisuse), alone(jar):
        pass
    jar.transaction_manager.abort()
    with alone(jar) as session:
        session.add(NumberSeries(book="alone", year=2569, last=7))
    with reader(jar) as session:
        assert session.scalar(select(NumberSeries.last).where(NumberSeries.book == "alone")) == 7


def test_failed_alone_writes_nothing(jar: Connection) -> None:
    def fail_alone() -> None:
        with alone(jar) as session:
            session.add(NumberSeries(book="failed-alone", year=2569, last=7))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_alone()
    with reader(jar) as session:
        assert session.scalar(select(NumberSeries.last).where(NumberSeries.book == "failed-alone")) is None


def test_reader_writes_nothing(jar: Connection, kind: str) -> None:
    with reader(jar) as session, pytest.raises(LedgerMisuse):
        session.execute(text("DELETE FROM number_series"))
    if kind == "sqlite":
        with engine_of(jar).connect() as connection, pytest.raises(LedgerMisuse):
            connection.execute(text("DELETE FROM number_series"))


def test_lock_timeout_is_retried_by_zope(jar: Connection, open_jar: Callable[[], Connection], kind: str) -> None:
    """Whoever waits too long for a row gets an error that the publisher retries, on each database."""
    with alone(jar) as session:
        session.add(NumberSeries(book="busy", year=2569, last=0))
    shorten = {
        "sqlite": "PRAGMA busy_timeout=50",
        "postgresql": "SET LOCAL lock_timeout='50ms'",
        "mariadb": "SET SESSION innodb_lock_wait_timeout=1",
    }
    row = select(NumberSeries).where(NumberSeries.book == "busy").with_for_update()
    session_of(jar).execute(row)
    with engine_of(jar).connect() as connection:
        connection.exec_driver_sql(shorten[kind])
        statement = text("BEGIN IMMEDIATE") if kind == "sqlite" else row
        with pytest.raises(TransientError) as caught:
            connection.execute(statement)
        assert isinstance(caught.value, LedgerBusy)
        connection.invalidate()
    if kind == "sqlite":  # a second writer of the same thread would wait for itself
        with pytest.raises(LedgerMisuse):
            session_of(open_jar())


def test_wait_for_sqlite_s_file_ends_as_relstorage_s_does(jar: Connection, kind: str) -> None:
    if kind != "sqlite":
        pytest.skip("rows are locked, not the file")
    lent = jar._normal_storage._store_connection_pool.borrow()
    lent.cursor.execute("PRAGMA busy_timeout=100")
    jar._normal_storage._store_connection_pool.replace(lent)
    with engine_of(jar).connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(LedgerBusy):
            session_of(jar)
    jar.transaction_manager.abort()
    cursor = lent.open_if_needed()[1]
    assert cursor.execute("PRAGMA busy_timeout").fetchone() == (100,)
    cursor.execute("PRAGMA busy_timeout=30000")
    send(jar, "after-waiting")
    jar.transaction_manager.commit()


def test_connection_is_back_in_the_pool_after_each_ending(jar: Connection, database: ZODB.DB) -> None:
    storage = jar._normal_storage
    pool = storage._store_connection_pool
    for ending in ("commit", "abort", "late"):
        send(jar, f"pool-{ending}")
        if ending == "late":
            jar.transaction_manager.get().join(Late())
            with pytest.raises(ValueError, match="late"):
                jar.transaction_manager.commit()
            jar.transaction_manager.abort()
        else:
            getattr(jar.transaction_manager, ending)()
        assert storage._store_connection_pool is pool
        assert not onetransaction.open_here(engines.database_of(storage._adapter))
    for connection in pool._connections:
        assert (
            "return_to_repeatable_read" not in vars(connection.connection)
            if hasattr(connection.connection, "__dict__")
            else True
        )


def test_thai_text_survives_both_ways(jar: Connection) -> None:
    with act(jar, CLERK, "dispatch", "thai") as doing:
        numbers.issue(
            doing,
            Book("thai", "send", "external"),
            write=lambda seq: f"กท ๐๔๐๓/{seq}",
            document_uid=None,
            subject="ขอเชิญประชุม 🐘",
        )
    jar.transaction_manager.commit()
    with reader(jar) as session:
        entry = session.scalars(select(RegisterEntry).where(RegisterEntry.unit == "thai")).one()
        assert (entry.number, entry.subject) == ("กท ๐๔๐๓/1", "ขอเชิญประชุม 🐘")


def test_object_without_connection_is_told_so() -> None:
    with pytest.raises(LedgerMisuse):
        jar_of(PersistentMapping())


def test_start_is_refused_without_the_private_names(monkeypatch: pytest.MonkeyPatch) -> None:
    onetransaction.check_relstorage()
    monkeypatch.delattr(onetransaction.RelStorage, "_store_connection_pool")
    with pytest.raises(ImportError, match="_store_connection_pool"):
        onetransaction.check_relstorage()
