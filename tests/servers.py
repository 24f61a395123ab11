"""PostgreSQL and MariaDB from Debian's packages, started in a temporary folder on free ports, stopped at the end.

Each is started at its first use in the run, as an unprivileged user, with its own data and nothing in `/etc`. Syncing to
disk is off: no test pulls the plug, and processes that are killed lose nothing that the server has taken.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

POSTGRESQL = Path("/usr/lib/postgresql/15/bin")
START_SECONDS = 60


class NoServerError(RuntimeError):
    """A server that the tests need could not be started."""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _as(user: str) -> dict[str, Any]:
    """Options for a process to run as that user, where we are root: neither server runs as root."""
    if os.geteuid() != 0:
        return {"cwd": "/"}
    return {"cwd": "/", "user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


@contextlib.contextmanager
def _folder(user: str) -> Iterator[Path]:
    """A folder with a short path (a socket's path is at most 107 bytes), owned by that user."""
    folder = Path(tempfile.mkdtemp(prefix="saraban-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(user: str, command: Sequence[str]) -> None:
    done = subprocess.run(list(command), capture_output=True, text=True, timeout=120, **_as(user))
    if done.returncode:
        raise NoServerError(f"{command[0]} failed:\n{done.stdout}\n{done.stderr}")


def _wait(answers: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        if answers():
            return
        time.sleep(0.1)
    raise NoServerError(log.read_text(errors="replace")[-4000:])


@contextlib.contextmanager
def _served(user: str, command: Sequence[str], log: Path, answers: Callable[[], bool]) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(list(command), stdout=output, stderr=output, **_as(user))
    try:
        _wait(answers, process, log)
        yield
    finally:
        process.send_signal(
            signal.SIGINT if "postgres" in command[0] else signal.SIGTERM
        )  # PostgreSQL: do not wait for clients
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL; gives the DSN of the server, without a database."""
    program = shutil.which("postgres", path=str(POSTGRESQL)) or shutil.which("postgres")
    if program is None:
        raise NoServerError("PostgreSQL is not installed: apt-get install postgresql")
    bin_folder = Path(program).parent
    with _folder("postgres") as folder:
        data, port = folder / "data", free_port()
        initdb = [str(bin_folder / "initdb"), "-D", str(data), "-U", "saraban", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        _run("postgres", [*initdb, "--no-sync"])
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": folder,
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": 700,
            "timezone": "America/New_York",  # no rule may lean on the server's zone
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

        def answers() -> bool:
            ready = [str(bin_folder / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
            return subprocess.run(ready, cwd="/", check=False).returncode == 0

        command = [str(bin_folder / "postgres"), "-D", str(data), *options]
        with _served("postgres", command, folder / "log", answers):
            yield f"host=127.0.0.1 port={port} user=saraban"


@contextlib.contextmanager
def mariadb() -> Iterator[dict[str, str | int]]:
    """A MariaDB; gives the parameters of `MySQLdb.connect`, without a database."""
    import MySQLdb

    program, installer = shutil.which("mariadbd", path="/usr/sbin:/usr/bin"), shutil.which("mariadb-install-db")
    if program is None or installer is None:
        raise NoServerError("MariaDB is not installed: apt-get install mariadb-server")
    with _folder("mysql") as folder:
        data, port = folder / "data", free_port()
        install = [installer, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal"]
        _run("mysql", [*install, "--skip-test-db", "--skip-name-resolve"])
        command = [
            program,
            "--no-defaults",
            f"--datadir={data}",
            f"--port={port}",
            f"--socket={folder / 'socket'}",
            f"--pid-file={folder / 'pid'}",
            "--bind-address=127.0.0.1",
            "--skip-name-resolve",
            "--skip-log-bin",
            "--character-set-server=latin1",  # no table may lean on the server's character set
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-buffer-pool-size=64M",
            "--innodb-log-file-size=64M",
            "--max-connections=700",
            "--default-time-zone=-05:00",
        ]
        parameters: dict[str, str | int] = {"host": "127.0.0.1", "port": port, "user": "root"}

        def answers() -> bool:
            try:
                MySQLdb.connect(**parameters).close()
            except MySQLdb.OperationalError:
                return False
            return True

        with _served("mysql", command, folder / "log", answers):
            yield parameters
