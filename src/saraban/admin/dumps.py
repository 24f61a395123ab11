"""A whole database as one file, and back: by the means that each database offers for it, while the programs run.

The dump is one consistent moment. Passwords go to the tools through their environment, never through the process list.
"""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from saraban.admin.storage import Store


class Dump(Protocol):
    """What a database can do for backup and restore."""

    file: str
    """Name of the dump's file."""

    def write(self, target: Path) -> None:
        """Writes the whole database, as of one moment, to a new file."""

    def is_empty(self) -> bool:
        """Whether nothing would be lost by a restore."""

    def read(self, source: Path) -> None:
        """Replaces the database by a dump."""

    def last_transaction(self) -> int:
        """Id of the last transaction of the objects: files of later ones do not belong to this database."""


def dump_of(store: Store) -> Dump:
    """The means for the profile's database."""
    if store.kind == "sqlite":
        return Sqlite(Path(store.settings["path"]))
    if store.kind == "postgresql":
        return Postgresql(store.settings["dsn"])
    return Mariadb(store.settings)


_LAST = "SELECT MAX(tid) FROM object_state"


class Sqlite:
    """The file of the development profile, and the small one beside it from which object ids are taken."""

    file = "database.sqlite3"

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, target: Path) -> None:
        """SQLite's online backup: readers and writers go on."""
        self._copy(self.path, target)
        self._copy(self._ids(self.path), self._ids(target))

    def is_empty(self) -> bool:
        """Whether there is no file yet."""
        return not self.path.exists()

    def read(self, source: Path) -> None:
        """Puts the copies in place; what was there before goes away, its write-ahead log too."""
        with closing(sqlite3.connect(source)) as connection:
            found = connection.execute("PRAGMA quick_check").fetchone()[0]
        if found != "ok":
            raise SystemExit(f"The dump is damaged: {found}")
        self.path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        for old in self.path.parent.glob("*.sqlite3*"):
            old.unlink()
        self._copy(source, self.path)
        self._copy(self._ids(source), self._ids(self.path))

    def last_transaction(self) -> int:
        """The newest one in the file."""
        with closing(sqlite3.connect(self.path)) as connection:
            return int(connection.execute(_LAST).fetchone()[0] or 0)

    @staticmethod
    def _ids(path: Path) -> Path:
        return path.with_name("oids.sqlite3")

    @staticmethod
    def _copy(source: Path, target: Path) -> None:
        if not source.exists():
            return
        target.unlink(missing_ok=True)
        with closing(sqlite3.connect(source, timeout=60)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)  # in one step: a write meanwhile does not start it again
        target.chmod(0o640)


class Postgresql:
    """pg_dump and pg_restore in their own format."""

    file = "database.pgdump"

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn

    def write(self, target: Path) -> None:
        """One snapshot, compressed."""
        _call(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"], self._environment())
        target.chmod(0o640)

    def is_empty(self) -> bool:
        """Whether no table stands in the schema that is used."""
        query = "SELECT COUNT(*) FROM pg_tables WHERE schemaname = ANY (current_schemas(false))"
        return int(self._value(query)) == 0

    def read(self, source: Path) -> None:
        """Drops what the dump holds and restores it, in one transaction."""
        command = ["pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction"]
        environment = self._environment()
        _call([*command, f"--dbname={environment['PGDATABASE']}", str(source)], environment)

    def last_transaction(self) -> int:
        """The newest one in the database."""
        return int(self._value(_LAST) or 0)

    def _environment(self) -> dict[str, str]:
        """libpq's variables for the connection string."""
        from psycopg2.extensions import parse_dsn

        names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
        names |= {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "options": "PGOPTIONS", "service": "PGSERVICE"}
        parts: Mapping[str, str] = parse_dsn(self.dsn)
        found = {names[name]: value for name, value in parts.items() if name in names}
        found.setdefault("PGDATABASE", found.get("PGUSER", ""))
        return found

    def _value(self, query: str) -> Any:
        import psycopg2

        with closing(psycopg2.connect(self.dsn)) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]


class Mariadb:
    """mariadb-dump (or mysqldump) and the client, compressed."""

    file = "database.sql.gz"

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.settings = settings

    def write(self, target: Path) -> None:
        """One snapshot of InnoDB's tables, with their triggers."""
        options = ["--single-transaction", "--quick", "--hex-blob", "--routines", "--triggers"]
        command = [self._program("dump"), *self._address(), *options, self.settings["db"]]
        with _running(command, self._environment(), stdout=subprocess.PIPE) as process, gzip.open(target, "wb", 6) as file:
            assert process.stdout is not None
            shutil.copyfileobj(process.stdout, file, 1 << 20)
        target.chmod(0o640)

    def is_empty(self) -> bool:
        """Whether the database holds no table."""
        return int(self._value("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()")) == 0

    def read(self, source: Path) -> None:
        """The dump drops each table before it makes it again."""
        command = [self._program(""), *self._address(), self.settings["db"]]
        with _running(command, self._environment(), stdin=subprocess.PIPE) as process, gzip.open(source, "rb") as file:
            assert process.stdin is not None
            shutil.copyfileobj(file, process.stdin, 1 << 20)
            process.stdin.close()

    def last_transaction(self) -> int:
        """The newest one in the database."""
        return int(self._value(_LAST) or 0)

    @staticmethod
    def _program(kind: str) -> str:
        names = ("mariadb-dump", "mysqldump") if kind == "dump" else ("mariadb", "mysql")
        for name in names:
            if shutil.which(name):
                return name
        raise SystemExit(f"{names[0]} is not installed (Debian: mariadb-client).")

    def _address(self) -> list[str]:
        given = [f"--{name}={self.settings[name]}" for name in ("host", "port", "user") if name in self.settings]
        return ["--no-defaults", *given, "--default-character-set=utf8mb4"]

    def _environment(self) -> dict[str, str]:
        return {"MYSQL_PWD": self.settings.get("passwd", "")}

    def _value(self, query: str) -> Any:
        import MySQLdb

        arguments: dict[str, Any] = {**self.settings, "port": int(self.settings.get("port", 3306))}
        with closing(MySQLdb.connect(**arguments)) as connection, closing(connection.cursor()) as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]


@contextmanager
def _running(command: list[str], environment: Mapping[str, str], **pipes: int) -> Iterator[subprocess.Popen[bytes]]:
    """A tool with a pipe; its failure ends the program."""
    if shutil.which(command[0]) is None:
        raise SystemExit(f"{command[0]} is not installed.")
    with subprocess.Popen(command, env={**os.environ, **environment}, **pipes) as process:  # type: ignore[call-overload]
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        if process.wait():
            raise SystemExit(f"{command[0]} failed (exit code {process.returncode}).")


def _call(command: list[str], environment: Mapping[str, str]) -> None:
    with _running(command, environment):
        pass
