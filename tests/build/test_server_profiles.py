"""PostgreSQL and MariaDB by their profiles: two Plone processes and a worker on one database, backup and restore."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests import servers
from tests.build.conftest import build_aside
from tests.conftest import HOME, PASSWORD, City, answers, free_port, run, wait_until

AGENCY = "district-dusit"
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


@pytest.fixture(scope="module", params=sorted(SERVERS))
def deployment(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with SERVERS[request.param]() as settings:
        yield Deployment(request.param, tmp_path_factory.mktemp(request.param), settings)


@contextmanager
def running(city: City) -> Iterator[list[City]]:
    """Two Plone processes and a worker; the city as each process serves it."""
    second = free_port()
    offset = second - int(city.environment["SARABAN_PORT"])
    programs = [("serve",), ("serve", "--offset", str(offset)), ("worker",)]
    processes = []
    with (city.var / "programs.log").open("wb") as log:
        for program, *arguments in programs:
            command = [str(HOME / "bin" / program), *arguments]
            processes.append(subprocess.Popen(command, env=city.environment, stdout=log, stderr=log))
        other = replace(city, url=f"http://localhost:{second}/saraban", clients={})
        try:
            for one in (city, other):
                wait_until(partial(answers, one.url), what=f"for {one.url}")
            yield [city, other]
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(60)
    assert [process.returncode for process in processes] == [0, 0, 0]


def receive(city: City, number: int) -> Any:
    """One letter on paper."""
    letter = {
        "title": f"เรื่องที่ {number}",
        "sender": "กระทรวงมหาดไทย",
        "sender_number": f"มท 1/{number}",
        "letter_date": "2026-01-05",
    }
    return city.client(f"registrar.{AGENCY}").post(f"/agencies/{AGENCY}/@receive", json=letter)


def test_two_processes_and_a_round_trip(deployment: Deployment, tmp_path: Path) -> None:
    city = deployment.city("one")
    made = run(city, "saraban", "create-site")
    assert made.returncode == 0, made.stdout + made.stderr
    again = run(city, "saraban", "create-site")
    assert (again.returncode, again.stdout) == (0, ""), again.stderr

    with running(city) as both:
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(lambda number: receive(both[number % 2], number), range(40)))
        assert {answer.status_code for answer in found} == {201}, [
            answer.text for answer in found if answer.status_code != 201
        ][:1]
        assert sorted(answer.json()["entry"]["seq"] for answer in found) == list(range(1, 41))
        saved = run(city, "saraban", "backup", str(tmp_path / "backup"))
        assert saved.returncode == 0, saved.stdout + saved.stderr
    done = run(city, "saraban", "check")
    assert done.returncode == 0, done.stdout + done.stderr

    copy = deployment.city("two")
    back = run(copy, "saraban", "restore", str(tmp_path / "backup"))
    assert back.returncode == 0, back.stdout + back.stderr
    assert run(copy, "saraban", "restore", str(tmp_path / "backup")).returncode == 1
    done = run(copy, "saraban", "check")
    assert done.returncode == 0, done.stdout + done.stderr
    known = run(copy, "saraban", "verify-audit")
    assert known.returncode == 0, known.stdout + known.stderr
