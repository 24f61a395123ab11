"""Who writes waits for the one before, but not for one who takes long; who reads waits for nobody."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import requests
from tests.conftest import free_port, listens, wait_until

from saraban.admin import serve
from saraban.admin.turns import SLICE, Turns


class Office:
    """An application whose requests take as long as they say, and which knows how many wrote at once."""

    def __init__(self) -> None:
        self.writing = 0
        self.most = 0
        self.threads: set[str] = set()
        self._guard = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        writes = environ["REQUEST_METHOD"] == "POST"
        with self._guard:
            self.writing += writes
            self.most = max(self.most, self.writing)
            if writes:
                self.threads.add(threading.current_thread().name)
        try:
            time.sleep(float(environ["QUERY_STRING"]))
            if environ["PATH_INFO"] == "/broken":
                raise ValueError("meant")
        finally:
            with self._guard:
                self.writing -= writes
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"done"]


class Served:
    """The office on a port."""

    def __init__(self, port: int) -> None:
        self.office = Office()
        self.port = port
        self._threads: list[threading.Thread] = []
        self.answers: list[tuple[str, int, float]] = []

    def ask(self, method: str, seconds: float, path: str = "/") -> None:
        """Asks in a thread of its own; the answer's path, code and duration are kept."""

        def send() -> None:
            begun = time.monotonic()
            answer = requests.request(method, f"http://127.0.0.1:{self.port}{path}?{seconds}", timeout=30)
            self.answers.append((path, answer.status_code, time.monotonic() - begun))

        thread = threading.Thread(target=send)
        thread.start()
        self._threads.append(thread)

    def wait(self) -> None:
        """Until everybody has an answer."""
        for thread in self._threads:
            thread.join(30)


def served(monkeypatch: pytest.MonkeyPatch, writers: int, slice_: float = SLICE) -> Iterator[Served]:
    port = free_port()
    monkeypatch.setenv("SARABAN_PORT", str(port))
    monkeypatch.setenv("SARABAN_HOST", "127.0.0.1")
    place, stop = Served(port), threading.Event()
    options = serve.settings()
    turns = Turns(options["threads"], writers, slice_)
    thread = threading.Thread(target=serve.run, args=(place.office, options, stop, turns))
    thread.start()
    wait_until(lambda: listens(port), 10, "for the server")
    yield place
    stop.set()
    thread.join(30)
    assert not thread.is_alive()


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """One writer at a time, as on SQLite."""
    yield from served(monkeypatch, 1)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """One writer at a time, and nobody is long: a busy machine makes five milliseconds fifty."""
    yield from served(monkeypatch, 1, slice_=60)


@pytest.fixture
def several(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """As many as threads, as on a server."""
    yield from served(monkeypatch, 0)


def test_short_writers_take_turns_in_one_thread(patient: Served) -> None:
    for _ in range(30):
        patient.ask("POST", 0.005)
    patient.wait()
    assert [code for _, code, _ in patient.answers] == [200] * 30
    assert patient.office.most == 1


def test_writers_are_together_where_the_database_takes_them_together(several: Served) -> None:
    for _ in range(4):
        several.ask("POST", 0.3)
    several.wait()
    assert several.office.most == 4


def test_nobody_waits_long_for_a_long_one(one: Served) -> None:
    one.ask("POST", 3.0, "/upload")
    time.sleep(SLICE * 2)
    for _ in range(5):
        one.ask("POST", 0.005, "/short")
    one.wait()
    assert max(seconds for path, _, seconds in one.answers if path == "/short") < 2.0
    assert one.office.most >= 2


def test_who_waits_already_is_not_forgotten_behind_a_long_one(one: Served) -> None:
    """The server's own clock finds that it became long: nobody new comes who would."""
    one.ask("POST", 3.0, "/upload")
    one.ask("POST", 0.005, "/short")
    one.wait()
    assert min(seconds for _, _, seconds in one.answers) < 2.0


def test_who_reads_waits_for_no_writer(one: Served) -> None:
    for _ in range(3):
        one.ask("POST", 2.0, "/write")
    time.sleep(0.1)
    one.ask("GET", 0.0, "/read")
    one.wait()
    assert next(seconds for path, _, seconds in one.answers if path == "/read") < 1.5


def test_a_single_thread_goes_by_the_order_of_coming(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARABAN_THREADS", "1")
    for place in served(monkeypatch, 1):
        for method, path in (("POST", "/first"), ("GET", "/read"), ("POST", "/last")):
            place.ask(method, 0.3, path)
            time.sleep(0.1)
        place.wait()
        assert [path for path, _, _ in place.answers] == ["/first", "/read", "/last"]


def test_a_failure_gives_the_turn_back(one: Served) -> None:
    for _ in range(4):
        one.ask("POST", 0.0, "/broken")
    one.wait()
    one.ask("POST", 0.0, "/after")
    one.wait()
    assert sorted(code for _, code, _ in one.answers) == [200, 500, 500, 500, 500]
    assert one.office.writing == 0


def test_what_is_no_request_has_an_answer_and_takes_no_turn(one: Served) -> None:
    for broken in (b"nonsense\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", one.port), timeout=5) as wire:
            wire.sendall(broken)
            assert b" 400 " in wire.recv(100).splitlines()[0]
    one.ask("POST", 0.0)
    one.wait()
    assert [code for _, code, _ in one.answers] == [200]
