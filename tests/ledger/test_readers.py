"""Readers on servers: long lists piece by piece, and connections that broke while nobody used them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select, text
from transaction.interfaces import TransientError
from ZODB.Connection import Connection

from saraban.ledger import clock, engines
from saraban.ledger.connection import alone, asking, reader
from saraban.ledger.tables import Lease

LINES = 250
ENDS = {
    "postgresql": ("SELECT pg_backend_pid()", "SELECT pg_terminate_backend({})"),
    "mariadb": ("SELECT CONNECTION_ID()", "KILL {}"),
}


def test_a_long_list_is_read_piece_by_piece(jar: Connection) -> None:
    with alone(jar) as session:
        session.add_all([Lease(name=f"line-{number:03}", holder="", until=clock.now()) for number in range(LINES)])
    asked = select(Lease.name).where(Lease.name.like("line-%")).order_by(Lease.name)
    with reader(jar) as session:
        parts = list(session.scalars(asked.execution_options(yield_per=100)).partitions(100))
        again = list(session.scalars(asked.execution_options(yield_per=100)))
    assert [len(part) for part in parts] == [100, 100, 50]
    assert again == [f"line-{number:03}" for number in range(LINES)]


@pytest.fixture
def end_reader(jar: Connection, kind: str) -> Callable[[], None]:
    """Ends, on the server, the connection that the next reader would get."""
    if kind not in ENDS:
        pytest.skip("a file has no connections that break")
    asked, end = ENDS[kind]

    def end_it() -> None:
        with asking(jar) as connection:
            number = connection.scalar(text(asked))
        with alone(jar) as session:
            session.execute(text(end.format(number)))

    return end_it


def test_a_rested_connection_that_broke_is_replaced(
    jar: Connection, end_reader: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    end_reader()
    monkeypatch.setattr(engines, "REST_SECONDS", 0.0)
    with asking(jar) as connection:
        assert connection.scalar(text("SELECT 1")) == 1


def test_one_that_breaks_in_use_is_tried_again(jar: Connection, end_reader: Callable[[], None]) -> None:
    """Zope sends the request again, which finds a new connection."""
    end_reader()
    with pytest.raises(TransientError), asking(jar) as connection:
        connection.scalar(text("SELECT 1"))
    with asking(jar) as connection:
        assert connection.scalar(text("SELECT 1")) == 1
