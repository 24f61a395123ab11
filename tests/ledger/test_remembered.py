"""What is remembered of persons hangs on an object that ZODB takes from everybody when one changes it."""

from __future__ import annotations

import pytest
from tests.ledger.places import Place, letters
from ZODB.Connection import Connection

from saraban.organisation import remembered
from saraban.organisation.remembered import SECONDS, Remembered


@pytest.fixture
def kept(jar: Connection) -> Remembered:
    """One that is stored, and remembers something."""
    found = letters(jar)["kept"] = Remembered()
    jar.transaction_manager.commit()
    _known(found)["somchai"] = "registrar"
    return found


def _known(kept: Remembered) -> dict[str, str]:
    found = kept.known("posts")
    assert found is not None
    return found


def test_it_lasts_from_one_transaction_to_the_next(jar: Connection, kept: Remembered) -> None:
    jar.transaction_manager.commit()
    jar.newTransaction(None)
    assert _known(kept) == {"somchai": "registrar"}


def test_a_change_elsewhere_is_seen_at_the_next_transaction(place: Place, jar: Connection, kept: Remembered) -> None:
    other_database = place.open()
    with other_database.transaction() as other:
        letters(other)["kept"].changed()
    other_database.close()
    jar.newTransaction(None)
    assert _known(kept) == {}


def test_in_the_transaction_that_changes_nothing_is_remembered(jar: Connection, kept: Remembered) -> None:
    kept.changed()
    assert kept.known("posts") is None
    jar.transaction_manager.commit()
    assert _known(kept) == {}


def test_after_a_savepoint_neither(jar: Connection, kept: Remembered) -> None:
    kept.changed()
    jar.transaction_manager.get().savepoint()
    assert kept.known("posts") is None
    jar.transaction_manager.commit()
    assert _known(kept) == {}


def test_a_change_that_failed_leaves_nothing_wrong(jar: Connection, kept: Remembered) -> None:
    kept.changed()
    jar.transaction_manager.get().savepoint()
    jar.transaction_manager.abort()
    assert _known(kept) == {}


def test_two_who_change_at_once_both_come_through(place: Place, jar: Connection, kept: Remembered) -> None:
    other_database = place.open()
    kept.changed()
    with other_database.transaction() as other:
        letters(other)["kept"].changed()
    jar.transaction_manager.commit()
    with other_database.transaction() as other:
        assert letters(other)["kept"].changes == 2
    other_database.close()


def test_a_minute_is_the_longest(jar: Connection, kept: Remembered, monkeypatch: pytest.MonkeyPatch) -> None:
    real = remembered.time.monotonic
    monkeypatch.setattr(remembered.time, "monotonic", lambda: real() + SECONDS)
    assert _known(kept) == {}


def test_it_does_not_grow_without_end(jar: Connection, kept: Remembered, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "PERSONS", 10)
    for number in range(100):
        _known(kept)[f"person {number}"] = ""
    assert len(_known(kept)) <= 11
