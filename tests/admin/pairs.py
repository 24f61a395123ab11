"""Two Plone processes on one database of each kind, as `docs/deployment.md` sets them up."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from tests import servers
from tests.admin.conftest import build_aside
from tests.conftest import HOME, PASSWORD, City, answers, free_port, run, wait_until

ROLE_PASSWORD = "a 'quoted' #word"  # noqa: RUF100, S105 - of a server that lives as long as the test
Settings = Callable[[str], dict[str, str]]


@contextmanager
def postgresql() -> Iterator[Settings]:
    """A server with the role and the databases of `docs/deployment.md`; gives the settings for a database."""
    import psycopg2
    from psycopg2.extensions import make_dsn

    with servers.postgresql() as dsn:
        with closing(psycopg2.connect(f"{dsn} dbname=postgres")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("CREATE ROLE clerk LOGIN PASSWORD %s", (ROLE_PASSWORD,))
                for name in ("one", "two"):
                    locale = "TEMPLATE template0 LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
                    cursor.execute(f"CREATE DATABASE {name} OWNER clerk ENCODING 'UTF8' {locale}")
        yield lambda name: {"SARABAN_DSN": make_dsn(dsn, dbname=name, user="clerk", password=ROLE_PASSWORD)}


@contextmanager
def mariadb() -> Iterator[Settings]:
    """The same for MariaDB."""
    import MySQLdb

    with servers.mariadb() as parameters:
        with closing(MySQLdb.connect(**parameters)) as connection, closing(connection.cursor()) as cursor:
            cursor.execute("CREATE USER 'clerk'@'127.0.0.1' IDENTIFIED BY %s", (ROLE_PASSWORD,))
            for name in ("one", "two"):
                cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
                cursor.execute(f"GRANT ALL ON {name}.* TO 'clerk'@'127.0.0.1'")
        yield lambda name: {
            "SARABAN_MYSQL_HOST": str(parameters["host"]),
            "SARABAN_MYSQL_PORT": str(parameters["port"]),
            "SARABAN_MYSQL_DATABASE": name,
            "SARABAN_MYSQL_USER": "clerk",
            "SARABAN_MYSQL_PASSWORD": ROLE_PASSWORD,
        }


SERVERS = {"postgresql": postgresql, "mariadb": mariadb}


@dataclass(frozen=True)
class Pair:
    """A city as each of two processes serves it; `beside` gives another installation on the same server."""

    both: tuple[City, City]
    beside: Callable[[str], City]


class Deployment:
    """A profile on its server."""

    def __init__(self, profile: str, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self.settings = settings
        self.conf = build_aside(profile, folder, settings("one"))

    def city(self, database: str) -> City:
        """An installation on one of the server's databases."""
        var, port = self.folder / database, free_port()
        own = {
            "SARABAN_HOME": str(HOME),
            "SARABAN_ZOPE_CONF": str(self.conf),
            "SARABAN_VAR": str(var),
            "SARABAN_HOST": "127.0.0.1",
            "SARABAN_PORT": str(port),
            "SARABAN_DEMO_PASSWORD": PASSWORD,
        }
        return City(f"http://localhost:{port}/saraban", var, {**os.environ, **self.settings(database), **own})


@contextmanager
def on_server(kind: str, folder: Path) -> Iterator[Pair]:
    """A new city on a server of its own, with two Plone processes and a worker; consistent when they have stopped."""
    with SERVERS[kind]() as settings:
        deployment = Deployment(kind, folder, settings)
        city = deployment.city("one")
        made = run(city, "saraban", "create-site")
        assert made.returncode == 0, made.stdout + made.stderr
        again = run(city, "saraban", "create-site")
        assert (again.returncode, again.stdout) == (0, ""), again.stderr
        with _running(city, ("serve",), ("worker",)), second(city) as other:
            yield Pair((city, other), deployment.city)
        consistent(city)


def consistent(city: City) -> None:
    """Fails on whatever the check finds."""
    done = run(city, "saraban", "check")
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["Everything is consistent."]), done.stdout + done.stderr


@contextmanager
def second(city: City) -> Iterator[City]:
    """One more Plone process on a city that runs; the city as that process serves it."""
    port = free_port()
    environment = {**city.environment, "SARABAN_PORT": str(port)}
    other = replace(city, url=f"http://localhost:{port}/saraban", environment=environment, clients={})
    with _running(other, ("serve",)):
        for one in (city, other):
            wait_until(partial(answers, one.url), what=f"for {one.url}")
        yield other


@contextmanager
def _running(city: City, *programs: tuple[str, ...]) -> Iterator[None]:
    with (city.var / "programs.log").open("ab") as log:
        processes = [
            subprocess.Popen([str(HOME / "bin" / program), *arguments], env=city.environment, stdout=log, stderr=log)
            for program, *arguments in programs
        ]
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(60)
    assert [process.returncode for process in processes] == [0] * len(processes)
