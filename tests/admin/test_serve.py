"""Serving: what runs is finished when the program is told to stop, and nothing new is taken."""

from __future__ import annotations

import http.client
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
import requests
from tests.conftest import HOME, free_port, listens, wait_until

from saraban.admin import serve
from saraban.admin.turns import Turns

asked = threading.Event()
"""Whether a slow request is being answered."""


def slow(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Takes a second and answers two megabytes."""
    asked.set()
    time.sleep(1.0)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["REMOTE_ADDR"].encode().ljust(2_000_000)]


class Two:
    """Two servers at one address, in threads; each answers with its number."""

    def __init__(self, listening: socket.socket) -> None:
        self._open = ExitStack()
        self._port = listening.getsockname()[1]
        self._stops = [threading.Event() for _ in range(2)]
        self._threads = [threading.Thread(target=self._run, args=(number, listening.dup())) for number in range(2)]

    def _run(self, number: int, own: socket.socket) -> None:
        def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [str(number).encode()]

        serve.run(answer, {"sockets": [own]}, self._stops[number], Turns(2, 0))

    def ask(self, people: int, pause: float = 0.0) -> list[str]:
        """Who answers so many, each with a connection of their own that stays open, and all at once but for the pause."""
        wires = [http.client.HTTPConnection("127.0.0.1", self._port, timeout=10) for _ in range(people)]
        for wire in wires:
            self._open.callback(wire.close)

        def one(number: int) -> str:
            time.sleep(number * pause)
            wires[number].request("GET", "/")
            return wires[number].getresponse().read().decode()

        with ThreadPoolExecutor(people) as crowd:
            return list(crowd.map(one, range(people)))

    def leave(self) -> None:
        """All that asked close their connections."""
        self._open.close()

    def start(self, number: int) -> None:
        """Has one take connections."""
        self._threads[number].start()

    def stop(self, number: int) -> None:
        """Has one stop, and waits for it."""
        self._stops[number].set()
        if self._threads[number].ident:
            self._threads[number].join(30)
        assert not self._threads[number].is_alive()


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    chosen = free_port()
    monkeypatch.setenv("SARABAN_PORT", str(chosen))
    monkeypatch.setenv("SARABAN_HOST", "127.0.0.1")
    return chosen


@pytest.fixture
def stop(port: int) -> Iterator[threading.Event]:
    """A server on the port; set the event to stop it."""
    event = threading.Event()
    thread = threading.Thread(target=serve.run, args=(serve.without_body(slow), serve.settings(), event, Turns(4, 0)))
    thread.start()
    wait_until(lambda: listens(port), 10, "for the server")
    yield event
    event.set()
    thread.join(30)
    assert not thread.is_alive()


def test_a_running_request_is_finished(port: int, stop: threading.Event) -> None:
    answers: list[requests.Response] = []
    client = threading.Thread(target=lambda: answers.append(requests.get(f"http://127.0.0.1:{port}/", timeout=20)))
    asked.clear()
    client.start()
    assert asked.wait(10)
    stop.set()
    wait_until(lambda: not listens(port), 10, "for the address to be free")
    client.join(20)
    assert [(answer.status_code, len(answer.content)) for answer in answers] == [(200, 2_000_000)]


def test_a_stranger_cannot_claim_an_address(port: int, stop: threading.Event) -> None:
    answer = requests.get(f"http://127.0.0.1:{port}/", headers={"X-Forwarded-For": "203.0.113.9"}, timeout=10)
    assert answer.text.strip() == "127.0.0.1"


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[Two]:
    """Two servers at one address, of which the first takes connections, patient with each other."""
    monkeypatch.setenv("SARABAN_PROCESSES", "2")
    monkeypatch.setattr(serve, "COURTESY", 0.1)
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        both = Two(listening)
        both.start(0)
        yield both
        both.leave()
        for number in range(2):
            both.stop(number)


def test_who_has_few_connections_takes_the_next(two: Two, caplog: pytest.LogCaptureFixture) -> None:
    """And who comes late for it does not speak of it."""
    assert two.ask(8) == ["0"] * 8
    two.start(1)
    assert two.ask(6, pause=0.1).count("1") >= 5
    assert not [record.getMessage() for record in caplog.records if "accept" in record.getMessage()]


def test_of_eight_that_come_at_once_nobody_has_more_than_six(two: Two) -> None:
    """Nearly always."""
    two.start(1)
    shares = []
    for _ in range(9):
        shares.append(max(Counter(two.ask(8)).values()))
        two.leave()
    assert sorted(shares)[4] <= 6, shares


def test_who_stops_leaves_the_address_to_the_other(two: Two) -> None:
    two.start(1)
    two.stop(1)
    assert two.ask(8) == ["0"] * 8


def test_the_shared_socket_is_moved_away_from_standard_input() -> None:
    program = (
        "import os; from saraban.admin import serve; print(serve.settings(True)['sockets'][0].getsockname()[1], os.read(0, 1))"
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        command = [str(HOME / "bin" / "py"), "-c", program]
        done = subprocess.run(command, stdin=listening.fileno(), capture_output=True, text=True, timeout=60)
        assert done.stdout.split() == [str(listening.getsockname()[1]), "b''"], done.stderr


def test_a_proxy_is_believed_when_it_is_named(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "trusted_proxy" not in serve.settings()
    monkeypatch.setenv("SARABAN_TRUSTED_PROXY", "127.0.0.1")
    assert serve.settings()["trusted_proxy"] == "127.0.0.1"
    assert "x-forwarded-for" in serve.settings()["trusted_proxy_headers"]


def test_a_file_of_100_mb_fits_in_base64() -> None:
    assert serve.settings()["max_request_body_size"] > 100 * 1024 * 1024 * 4 / 3


def test_head_has_headers_alone(port: int, stop: threading.Event) -> None:
    """What comes after the headers would be taken for the next answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
        wire.sendall(b"HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        told = b"".join(iter(lambda: wire.recv(65536), b""))
    assert told.startswith(b"HTTP/1.1 200 OK\r\n")
    assert told.endswith(b"\r\n\r\n")
