"""The demo city, built once for the whole run, served by real processes on a free port."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

HOME = Path(__file__).resolve().parents[1]
PASSWORD = "demo-only-7531"  # of a city that lives as long as the run
START_SECONDS = 120
SERVER_ZONE = {"TZ": os.environ.get("TZ", "UTC")}
"""The city counts its days in Bangkok wherever its server is; the tests say `date.today()` and mean Bangkok's."""
os.environ["TZ"] = "Asia/Bangkok"
time.tzset()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody takes connections there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Client(requests.Session):
    """One person, speaking REST to the city."""

    def __init__(self, base: str, user: str | None, language: str = "en") -> None:
        super().__init__()
        self.base = base
        self.user = user
        if user is not None:
            self.auth = (user, PASSWORD)
        self.headers.update({"Accept": "application/json", "Accept-Language": language})

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        """Addresses may be given from the site on: `/agencies/…`."""
        if url.startswith("/"):
            url = self.base + url
        kwargs.setdefault("timeout", 60)
        return super().request(method, url, *args, **kwargs)


@dataclass
class City:
    """A running demo city."""

    url: str
    var: Path
    environment: dict[str, str]
    clients: dict[tuple[str | None, str], Client] = field(default_factory=dict)

    def client(self, user: str | None = None, language: str = "en") -> Client:
        """The person's client; None is anonymous."""
        key = (user, language)
        if key not in self.clients:
            self.clients[key] = Client(self.url, user, language)
        return self.clients[key]


def run(city: City, program: str, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Runs a program of `bin/` in the city's environment."""
    return subprocess.run(
        [str(HOME / "bin" / program), *arguments], env=city.environment, capture_output=True, text=True, timeout=600, **options
    )


def start(city: City, program: str) -> subprocess.Popen[bytes]:
    """Starts a program of `bin/`; what it says goes to the city's log folder."""
    log = (city.var / "log").joinpath(f"{program}.log").open("ab")
    return subprocess.Popen([str(HOME / "bin" / program)], env=city.environment, stdout=log, stderr=log)


def wait_until(true: Callable[[], Any], seconds: float = START_SECONDS, what: str = "") -> Any:
    """Asks again and again; gives what was true, or fails the test."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = true()
        if found:
            return found
        time.sleep(0.1)
    pytest.fail(f"waited {seconds} s in vain {what}")


def answers(url: str) -> bool:
    """Whether a server answers at all, soon."""
    try:
        requests.get(url, headers={"Accept": "application/json"}, timeout=5)
    except (requests.ConnectionError, requests.Timeout):
        return False
    return True


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The demo city with a server and a worker."""
    var = tmp_path_factory.mktemp("city")
    port = free_port()
    environment = {
        **os.environ,
        **SERVER_ZONE,
        "SARABAN_HOME": str(HOME),
        "SARABAN_VAR": str(var),
        "SARABAN_HOST": "127.0.0.1",
        "SARABAN_PORT": str(port),
        "SARABAN_SOLR_PORT": str(free_port()),
        "SARABAN_DEMO_PASSWORD": PASSWORD,
        "SARABAN_CITY": "demo",
    }
    made = City(f"http://localhost:{port}/saraban", var, environment)
    built = run(made, "saraban", "create-site", "--city", "demo")
    if built.returncode:
        sys.stderr.write(built.stdout + built.stderr)
        pytest.fail("the city could not be built")
    processes = [start(made, "serve"), start(made, "worker")]
    try:
        wait_until(lambda: answers(made.url), what="for the server")
        yield made
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)


@pytest.fixture(scope="session")
def registry(city: City) -> dict[str, dict[str, list[str]]]:
    """What is registered for each kind of object (`classification/names.py`): views and services, the catalog's indexes."""
    done = run(city, "py", str(HOME / "tests" / "classification" / "names.py"))
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, list[str]]] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
