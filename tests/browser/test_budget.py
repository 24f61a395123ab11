"""The first paint: under 100 kB of our own style and script, compressed, kept until it changes (`pages.md`, Look)."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest
import requests
from tests.browser.arrivals import arrive
from tests.conftest import PASSWORD, City

BUDGET = 100_000
"""Octets of style and script on the way, of one page."""
DESK = "district-sathon"
REGISTRAR = f"registrar.{DESK}"
LINKED = re.compile(r'<(?:link rel="stylesheet"[^>]*? href|script[^>]*? src)="([^"]+)"')
PAGES = (
    "desk", "compose?kind=external", "receive", "registers?book=receive", "letters", "circulars", "find?text=ประชุม", "reports",
)  # fmt: skip


def linked(page: str, at: str) -> list[str]:
    """The styles and scripts of a page."""
    return [urljoin(at, address) for address in LINKED.findall(page)]


@pytest.fixture(scope="module")
def session() -> requests.Session:
    made = requests.Session()
    made.auth = (REGISTRAR, PASSWORD)
    return made


@pytest.fixture(scope="module")
def addresses(city: City) -> list[str]:
    """A page of each kind, a letter among them."""
    return [*(f"{city.url}/{page}" for page in PAGES), arrive(city, DESK)[0]]


def test_a_page_is_light(session: requests.Session, addresses: list[str]) -> None:
    for address in addresses:
        answer = session.get(address, timeout=60)
        assert answer.status_code == 200, address
        files = linked(answer.text, address)
        assert len(files) >= 2, address
        octets = 0
        for file in files:
            sent = requests.get(file, headers={"Accept-Encoding": "gzip"}, timeout=60, stream=True)
            assert sent.headers["Content-Encoding"] == "gzip", file
            assert "immutable" in sent.headers["Cache-Control"], file
            octets += len(sent.raw.read(decode_content=False))
        assert octets < BUDGET, f"{address}: {octets} octets"


def test_nothing_is_fetched_from_elsewhere(session: requests.Session, city: City, addresses: list[str]) -> None:
    for address in addresses:
        page = session.get(address, timeout=60).text
        strange = [one for one in re.findall(r'(?:src|href|action)="(https?://[^"]+)"', page) if not one.startswith(city.url)]
        assert not strange, f"{address}: {strange}"


def test_a_page_runs_nothing_but_our_own_files(session: requests.Session, addresses: list[str]) -> None:
    for address in addresses:
        answer = session.get(address, timeout=60)
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self' 'wasm-unsafe-eval';" in policy, address
        assert "default-src 'self'" in policy, address
        assert not re.findall(r"<script(?![^>]* src=)[^>]*>|<[^>]* on(?:click|load|error|submit)=", answer.text), address
