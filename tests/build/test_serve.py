"""Serving: what runs is finished when the program is told to stop, and nothing new is taken."""

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


def slow(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Takes a second and answers two megabytes."""
    time.sleep(1.0)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["REMOTE_ADDR"].encode().ljust(2_000_000)]


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
    thread = threading.Thread(target=serve.run, args=(serve.without_body(slow), serve.settings(), event))
    thread.start()
    wait_until(lambda: listens(port), 10, "for the server")
    yield event
    event.set()
    thread.join(30)
    assert not thread.is_alive()


def test_a_running_request_is_finished(port: int, stop: threading.Event) -> None:
    answers: list[requests.Response] = []
    client = threading.Thread(target=lambda: answers.append(requests.get(f"http://127.0.0.1:{port}/", timeout=10)))
    client.start()
    time.sleep(0.4)
    stop.set()
    time.sleep(0.6)
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{port}/", timeout=5)
    client.join(10)
    assert [(answer.status_code, len(answer.content)) for answer in answers] == [(200, 2_000_000)]


def test_a_stranger_cannot_claim_an_address(port: int, stop: threading.Event) -> None:
    answer = requests.get(f"http://127.0.0.1:{port}/", headers={"X-Forwarded-For": "203.0.113.9"}, timeout=10)
    assert answer.text.strip() == "127.0.0.1"


def test_a_second_process_has_the_next_port(port: int) -> None:
    assert serve.settings(1)["port"] == port + 1


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
