"""A real Chromium on the demo city, at the width of an office PC and of a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.conftest import PASSWORD, City

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES: dict[str, dict[str, Any]] = {
    "pc": {"viewport": {"width": 1366, "height": 768}},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2},
}


class OpenAs(Protocol):
    """Gives a page of somebody's browser."""

    def __call__(self, person: str | None = None, size: str = "pc", language: str = "th") -> Page:
        """The page; it is logged in unless the person is None."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def logins() -> dict[str, Any]:
    """Cookies of the persons who logged in during this run: a login costs a hashed password."""
    return {}


def log_in(page: Page, base: str, person: str, password: str = PASSWORD) -> None:
    """Logs in through the form, as people do."""
    page.goto(f"{base}/login")
    page.fill("#__ac_name", person)
    page.fill("#__ac_password", password)
    page.click("button[name=login]")
    page.wait_for_load_state()


@pytest.fixture
def open_as(city: City, chromium: Browser, logins: dict[str, Any]) -> Iterator[OpenAs]:
    """`open_as("registrar.district-dusit", "phone")`: a page whose address is still to be opened (`page.goto`)."""
    contexts: list[BrowserContext] = []

    def give(person: str | None = None, size: str = "pc", language: str = "th") -> Page:
        context = chromium.new_context(
            **SIZES[size], locale="en-US", base_url=city.url + "/", storage_state=logins.get(person or "")
        )
        contexts.append(context)
        page = context.new_page()
        if person is not None and person not in logins:
            log_in(page, city.url, person)
            logins[person] = context.storage_state()
        if language != "th":
            context.add_cookies([{"name": "I18N_LANGUAGE", "value": language, "url": city.url}])
        return page

    yield give
    for context in contexts:
        with suppress(Exception):
            context.close()


@pytest.fixture
def picture(tmp_path: Path) -> Callable[[Page, str], Path]:
    """`picture(page, "desk")`: keeps a screenshot in the test's temporary folder."""

    def take(page: Page, name: str) -> Path:
        place = tmp_path / f"{name}.png"
        page.screenshot(path=place, full_page=True)
        return place

    return take


@pytest.fixture(params=list(SIZES))
def size(request: pytest.FixtureRequest) -> str:
    """Both sizes, one after the other."""
    return str(request.param)
