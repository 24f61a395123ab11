"""What RelStorage 4.3.0 lacks, and `zope.conf` loads (the MariaDB repair shows in every other test there)."""

from __future__ import annotations

import pytest
from persistent.mapping import PersistentMapping
from tests.ledger.places import Place, letters
from ZODB.Connection import Connection
from ZODB.POSException import ConflictError


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
