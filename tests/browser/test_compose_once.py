"""One form makes one draft, however often it is sent (E18)."""

from __future__ import annotations

import secrets
from typing import Any

import requests
from playwright.sync_api import expect
from tests.browser.conftest import OpenAs
from tests.browser.letters import REGISTRAR, write_memo
from tests.conftest import PASSWORD, City

FILE = ("วาระ.txt", "วาระที่หนึ่ง".encode(), "text/plain")


class Form:
    """A form of a new memo, kept open and sent again and again."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.session = requests.Session()
        self.session.auth = (REGISTRAR, PASSWORD)
        page = self.session.get(f"{city.url}/compose?kind=internal", timeout=60).text
        self.hidden = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("_authenticator", "key")}

    def send(self, title: str, files: list[Any] | None = None, **more: str) -> str:
        """The address of the draft."""
        data = {**self.hidden, "title": title, "owner_unit": "district-dusit", "body": "ด้วย", "save": "1", **more}
        answer = self.session.post(
            f"{self.city.url}/compose?kind=internal", data=data, files=files, allow_redirects=False, timeout=60
        )
        assert answer.status_code == 303, answer.text
        return str(answer.headers["Location"]).removesuffix("/@@dispatch")


def title() -> str:
    return f"ส่งซ้ำ {secrets.token_hex(6)}"


def test_the_same_form_twice_is_one_draft(city: City) -> None:
    form, words = Form(city), title()
    first = form.send(words, [("files", FILE)])
    assert form.send(words, [("files", FILE)]) == first
    letter = city.client(REGISTRAR).get(first).json()
    assert len(letter["items"]) == 1
    assert Form(city).send(words) != first  # a form of its own makes a draft of its own


def test_the_form_sent_again_with_other_words_changes_its_draft(city: City) -> None:
    form, words = Form(city), title()
    first = form.send(title(), [("files", FILE)])
    assert form.send(words, [("files", FILE), ("files", ("ก.txt", "ก".encode(), "text/plain"))], dispatch="1") == first
    letter = city.client(REGISTRAR).get(first).json()
    assert letter["title"] == words
    assert sorted(one["title"] for one in letter["items"]) == ["ก.txt", "วาระ.txt"]


def test_what_is_sent_already_is_not_changed(city: City) -> None:
    form, words = Form(city), title()
    first = form.send(words)
    client = city.client(REGISTRAR)
    assert client.post(f"{first}/@dispatch", json={"recipients": ["district-bang-rak"]}).status_code == 200
    assert form.send(words) == first
    other = form.send(title())  # other words are another letter, and not lost
    assert other != first
    assert client.get(first).json()["title"] == words


def test_after_the_draft_is_deleted_the_form_makes_another(city: City) -> None:
    form, words = Form(city), title()
    first = form.send(words)
    assert city.client(REGISTRAR).delete(first).status_code == 204
    assert form.send(words) != first


def test_back_and_send_again_in_a_browser(city: City, open_as: OpenAs) -> None:
    page = open_as(REGISTRAR)
    write_memo(page)
    page.fill("#field-title", title())
    page.click("button[name=save]")
    page.wait_for_url("**/letters/**")
    first, words = page.url, title()
    page.go_back()
    expect(page.locator("[data-sent-before]")).to_be_visible()
    page.fill("#field-title", words)
    page.click("button[name=save]")
    page.wait_for_url("**/letters/**")
    assert page.url == first
    assert city.client(REGISTRAR).get(first).json()["title"] == words
    page.go_back()
    page.locator("[data-sent-before] a").click()
    expect(page.locator("[data-sent-before]")).to_be_hidden()
    page.fill("#field-title", title())
    page.click("button[name=save]")
    page.wait_for_url("**/letters/**")
    assert page.url != first
