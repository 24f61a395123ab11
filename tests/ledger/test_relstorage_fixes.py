"""What RelStorage 4.3.0 lacks, and `zope.conf` loads (the MariaDB repair shows in every other test there)."""

from __future__ import annotations

import pytest
from BTrees.Length import Length
from persistent.mapping import PersistentMapping
from tests.ledger.places import Place, letters
from ZODB.Connection import Connection
from ZODB.POSException import ConflictError

from saraban.ledger.onetransaction import storage_of


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
    """The table that takes what was resolved is not emptied by the commit: by us, before it is filled."""
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


@pytest.mark.parametrize("kind", ["postgresql"], scope="session")
def test_a_commit_empties_one_temporary_table(place: Place, jar: Connection) -> None:
    letters(jar)["here"] = PersistentMapping()
    jar.transaction_manager.commit()
    pool = storage_of(jar)._store_connection_pool
    lent = pool.borrow()
    try:
        _connection, cursor = lent.open_if_needed()
        for table, key in (
            ("temp_store", "prev_tid"),
            ("temp_store_replacements", "prev_tid"),
            ("temp_blob_chunk", "chunk_num"),
        ):
            cursor.execute(f"DELETE FROM {table}")
            cursor.execute(f"INSERT INTO {table} (zoid, {key}) VALUES (1, 1)")
        lent.commit()
        left = {}
        for table in ("temp_store", "temp_store_replacements", "temp_blob_chunk"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            left[table] = cursor.fetchone()[0]
            cursor.execute(f"TRUNCATE {table}")
        lent.commit()
        assert left == {"temp_store": 0, "temp_store_replacements": 1, "temp_blob_chunk": 1}
    finally:
        pool.replace(lent)
