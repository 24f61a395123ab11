"""Databases to test in: a RelStorage of each kind, without Plone, that other processes can open as well."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import transaction
import ZODB
from persistent.mapping import PersistentMapping
from relstorage.adapters.mysql import MySQLAdapter
from relstorage.adapters.postgresql import PostgreSQLAdapter
from relstorage.adapters.sqlite.adapter import Sqlite3Adapter
from relstorage.options import Options
from relstorage.storage import RelStorage
from ZODB.Connection import Connection

import saraban.ledger.relstorage_fixes  # noqa: F401 - as zope.conf does
from saraban.ledger.acts import Actor
from saraban.ledger.numbers import Book

HOME = Path(__file__).resolve().parents[2]
CLERK = Actor(person="registrar.district-dusit", post="เจ้าพนักงานธุรการ", unit="district-dusit", address="127.0.0.1")
BOOK = Book("district-dusit", "send", "external")
KINDS = ("sqlite", "postgresql", "mariadb")


@dataclass(frozen=True)
class Place:
    """Where a database is; `text` says it to another process."""

    kind: str
    folder: str
    address: str = ""
    """DSN, or the parameters as JSON."""

    @property
    def text(self) -> str:
        """As one argument of a program."""
        return json.dumps([self.kind, self.folder, self.address])

    def open(self) -> ZODB.DB:
        """A ZODB on it, with the settings that Saraban's profiles have."""
        options = Options(keep_history=False, commit_lock_timeout=30, blob_dir=f"{self.folder}/blobs", shared_blob_dir=True)
        if self.kind == "sqlite":
            adapter: Any = Sqlite3Adapter(f"{self.folder}/database", {}, options=options)
        elif self.kind == "postgresql":
            adapter = PostgreSQLAdapter(dsn=self.address, options=options)
        else:
            adapter = MySQLAdapter(options=options, **json.loads(self.address))
        return ZODB.DB(RelStorage(adapter, options=options), pool_size=300)


def from_text(text: str) -> Place:
    """The place that another process named."""
    return Place(*json.loads(text))


class Maker:
    """Makes empty databases on the servers, and fills them with tables."""

    def __init__(self, folder: Path, postgresql_dsn: str, mariadb_params: dict[str, str | int]) -> None:
        self.folder, self.postgresql_dsn, self.mariadb_params = folder, postgresql_dsn, mariadb_params
        self.count = 0

    def make(self, kind: str) -> Place:
        """A new database with RelStorage's and the ledger's tables, and a root object for letters."""
        from saraban.ledger import schema  # not for the processes that only write: it brings Alembic

        self.count += 1
        name = f"saraban{self.count}"
        folder = self.folder / name
        folder.mkdir()
        address = ""
        if kind == "postgresql":
            server = psycopg2.connect(f"{self.postgresql_dsn} dbname=postgres")
            server.autocommit = True
            server.cursor().execute(f"CREATE DATABASE {name}")
            server.close()
            address = f"{self.postgresql_dsn} dbname={name}"
        elif kind == "mariadb":
            import MySQLdb

            server = MySQLdb.connect(**self.mariadb_params)
            server.cursor().execute(f"CREATE DATABASE {name}")
            server.close()
            address = json.dumps({**self.mariadb_params, "db": name})
        place = Place(kind, str(folder), address)
        database = place.open()
        manager = transaction.TransactionManager()
        jar = database.open(manager)
        jar.root()["letters"] = PersistentMapping()
        manager.commit()
        schema.create_tables(jar)
        jar.close()
        database.close()
        return place


def letters(jar: Connection) -> PersistentMapping:
    """Where the tests keep their objects."""
    return jar.root()["letters"]


def start(program: str, place: Place, *arguments: object) -> subprocess.Popen[str]:
    """A process of its own that runs a module of this folder on the place."""
    interpreter = HOME / "bin" / "testpy"
    assert shutil.which(str(interpreter)), "build with the testing part"
    command = [str(interpreter), str(Path(__file__).parent / program), place.text, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, cwd=HOME)
