"""What RelStorage 4.3.0 lacks, and `zope.conf` loads (the MariaDB repair shows in every other test there)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest
from BTrees.Length import Length
from persistent.mapping import PersistentMapping
from tests.ledger.places import Place, letters
from ZODB.Connection import Connection, TransactionMetaData
from ZODB.POSException import ConflictError

from saraban.ledger.onetransaction import storage_of
from saraban.ledger.relstorage_fixes import postgresql


def test_failed_vote_leaves_nothing_for_the_next_transaction_on_its_connection(place: Place, jar: Connection) -> None:
    """RelStorage's SQLite leftover: without the repair the aborted write becomes visible, 50 times of 50."""
    other_database = place.open()
    letters(jar)["left"] = PersistentMapping({name: PersistentMapping(v=0) for name in "xyz"})
    jar.transaction_manager.commit()
    for number in range(50):
        left = letters(jar)["left"]
        assert left["x"]["v"] == number
        with other_database.transaction() as other:
            letters(other)["left"]["x"]["v"] += 1
        jar.readCurrent(left["x"])
        left["y"]["v"] = f"aborted {number}"
        with pytest.raises(ConflictError):
            jar.transaction_manager.commit()
        jar.transaction_manager.abort()
        letters(jar)["left"]["z"]["v"] += 1
        jar.transaction_manager.commit()
        with other_database.transaction() as other:
            assert letters(other)["left"]["y"]["v"] == 0
    other_database.close()


@pytest.mark.parametrize("kind", ["postgresql"], scope="session")
def test_conflicts_are_resolved_again_and_again_on_one_connection(place: Place, jar: Connection) -> None:
    """The table that takes what was resolved is emptied before it is filled, not by the commit."""
    other_database = place.open()
    letters(jar)["many"] = PersistentMapping({name: Length() for name in "ab"})
    jar.transaction_manager.commit()
    for number in range(1, 6):
        for name in "ab"[: 1 + number % 2]:  # what was resolved in one round need not be in the next
            letters(jar)["many"][name].change(1)
        with other_database.transaction() as other:
            for name in "ab":
                letters(other)["many"][name].change(10)
        jar.transaction_manager.commit()
        with other_database.transaction() as other:
            found = {name: letters(other)["many"][name]() for name in "ab"}
        assert found == {"a": 11 * number, "b": 10 * number + (number + 1) // 2}
    other_database.close()


def test_a_commit_without_objects_stores_nothing_of_the_one_before(place: Place, jar: Connection) -> None:
    """On the same pooled connection, whose temporary table still has the rows of that one."""
    other_database = place.open()
    letters(jar)["once"] = PersistentMapping(v=1)
    jar.transaction_manager.commit()
    with other_database.transaction() as other:
        letters(other)["once"]["v"] = 2
    storage, nothing = storage_of(jar), TransactionMetaData()
    storage.tpc_begin(nothing)
    storage.tpc_vote(nothing)
    storage.tpc_finish(nothing)
    with other_database.transaction() as other:
        assert letters(other)["once"]["v"] == 2
    other_database.close()


@contextmanager
def store_cursor(jar: Connection) -> Iterator[Any]:
    """A cursor on the connection that this ZODB connection's next commit will use."""
    pool = storage_of(jar)._store_connection_pool
    lent = pool.borrow()
    try:
        yield lent.get_cursor()
        lent.commit()
    finally:
        pool.replace(lent)


def value(cursor: Any, question: str) -> Any:
    cursor.execute(question)
    return cursor.fetchone()[0]


@pytest.mark.parametrize("kind", ["postgresql"], scope="session")
def test_the_temporary_table_stays_small(place: Place, jar: Connection) -> None:
    letters(jar)["grows"] = PersistentMapping({str(number): PersistentMapping(v=0) for number in range(5)})
    files, sizes = set(), []
    for number in range(200):
        for name in range(5):
            letters(jar)["grows"][str(name)]["v"] = "ก" * 3_000 + str(number)
        jar.transaction_manager.commit()
        if number % 20 == 0:
            with store_cursor(jar) as cursor:
                files.add(value(cursor, "SELECT pg_relation_filepath('temp_store')"))
                sizes.append(value(cursor, "SELECT pg_total_relation_size('temp_store')"))
    assert max(sizes) < 2_000_000
    assert 3 <= len(files) < len(sizes)


@pytest.mark.parametrize("kind", ["postgresql"], scope="session")
def test_the_lock_timeout_of_a_session_lasts(place: Place, jar: Connection) -> None:
    for number in range(3):
        letters(jar)["timeout"] = PersistentMapping(v=number)
        jar.transaction_manager.abort() if number == 1 else jar.transaction_manager.commit()
        with store_cursor(jar) as cursor:
            assert value(cursor, "SHOW lock_timeout") == "30s"


@pytest.mark.parametrize("kind", ["postgresql"], scope="session")
def test_a_connection_that_broke_while_it_rested_is_replaced(
    place: Place, jar: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters(jar)["before"] = PersistentMapping()
    jar.transaction_manager.commit()
    with store_cursor(jar) as cursor:
        process = value(cursor, "SELECT pg_backend_pid()")
    with psycopg2.connect(place.address) as admin, admin.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", (process,))
    monkeypatch.setattr(postgresql, "REST_SECONDS", 0.0)
    letters(jar)["after"] = PersistentMapping()
    jar.transaction_manager.commit()
    with store_cursor(jar) as cursor:
        assert value(cursor, "SELECT pg_backend_pid()") != process
