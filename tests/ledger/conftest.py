"""One PostgreSQL and one MariaDB for the run; every test of the ledger on all three databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import transaction
import ZODB
from tests import servers
from tests.ledger.places import KINDS, Maker, Place
from ZODB.Connection import Connection

from saraban.ledger import sealkey
from saraban.ledger.connection import engine_of


@pytest.fixture(scope="session", autouse=True)
def audit_key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The key of the audit trails of this run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SARABAN_AUDIT_KEY_FILE", str(tmp_path_factory.mktemp("keys") / "audit-key"))
        yield sealkey.make(0)


@pytest.fixture(scope="session")
def postgresql_dsn() -> Iterator[str]:
    """A server; add `dbname=…`."""
    with servers.postgresql() as dsn:
        yield dsn


@pytest.fixture(scope="session")
def mariadb_params() -> Iterator[dict[str, str | int]]:
    """A server; add `db`."""
    with servers.mariadb() as parameters:
        yield parameters


@pytest.fixture(scope="session")
def maker(tmp_path_factory: pytest.TempPathFactory, postgresql_dsn: str, mariadb_params: dict[str, str | int]) -> Maker:
    return Maker(tmp_path_factory.mktemp("places"), postgresql_dsn, mariadb_params)


@pytest.fixture(scope="session", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def place(kind: str, maker: Maker) -> Place:
    """A database that the tests of a module share: each uses books and names of its own."""
    return maker.make(kind)


@pytest.fixture(scope="module")
def database(place: Place) -> Iterator[ZODB.DB]:
    made = place.open()
    yield made
    with made.transaction() as jar:
        engine_of(jar).dispose()
    made.close()


@pytest.fixture
def open_jar(database: ZODB.DB) -> Iterator[Callable[[], Connection]]:
    """Opens ZODB connections, each with a transaction manager of its own."""
    opened: list[Connection] = []

    def open_one() -> Connection:
        opened.append(database.open(transaction.TransactionManager()))
        return opened[-1]

    yield open_one
    for jar in opened:
        jar.transaction_manager.abort()
        jar.close()


@pytest.fixture
def jar(open_jar: Callable[[], Connection]) -> Connection:
    return open_jar()
