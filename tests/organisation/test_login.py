"""Passwords: which are good enough, and what happens after ten wrong ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
import requests
from tests.conftest import PASSWORD, City, Client, run
from tests.organisation.conftest import error_of

Person = Callable[[], str]


def guess(city: City, user: str, password: str = "wrong", count: int = 1) -> list[int]:
    return [requests.get(city.url, auth=(user, password), headers=JSON, timeout=60).status_code for _ in range(count)]


JSON = {"Accept": "application/json", "Accept-Language": "en"}


@pytest.fixture
def locked(city: City, person: Person) -> Iterator[str]:
    """Somebody whose account is locked here."""
    name = person()
    assert guess(city, name, count=10) == [401] * 10
    yield name
    run(city, "saraban", "unlock", name)


def test_ten_wrong_passwords_lock_the_account_here(city: City, locked: str) -> None:
    answer = requests.get(city.url, auth=(locked, PASSWORD), headers=JSON, timeout=60)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    error = error_of(answer)
    assert error["type"] == "AccountLocked"
    assert "15" in error["message"]


def test_a_locked_account_is_locked_at_every_door(city: City, locked: str) -> None:
    token = requests.post(f"{city.url}/@login", json={"login": locked, "password": PASSWORD}, headers=JSON, timeout=60)
    assert (token.status_code, error_of(token)["type"]) == (429, "AccountLocked")
    form = {"__ac_name": locked, "__ac_password": PASSWORD, "buttons.login": "1"}
    page = requests.post(f"{city.url}/login", data=form, headers={"Accept": "text/html"}, timeout=60)
    assert page.status_code == 429
    assert int(page.headers["Retry-After"]) > 0
    assert "15" in re.sub(r"<[^>]+>", "", page.text)
    assert 'name="__ac_password"' in page.text
    assert "__ac" not in page.cookies


def test_others_are_not_locked(city: City, locked: str, person: Person) -> None:
    other = person()
    assert guess(city, other, PASSWORD) == [200]


def test_unlock(city: City, locked: str) -> None:
    done = run(city, "saraban", "unlock", locked)
    assert done.returncode == 0, done.stderr
    assert guess(city, locked, PASSWORD) == [200]


def test_the_right_password_writes_nothing(city: City, person: Person, ledger: Callable[..., list[dict[str, object]]]) -> None:
    name = person()
    guess(city, name, count=9)
    assert guess(city, name, PASSWORD, 3) == [200] * 3
    assert ledger("SELECT count(*) AS n FROM login_failure WHERE person = ?", name)[0]["n"] == 9


def test_one_wrong_password_is_one_failure(city: City, person: Person, ledger: Callable[..., list[dict[str, object]]]) -> None:
    name = person()
    requests.post(f"{city.url}/@login", json={"login": name, "password": "wrong"}, headers=JSON, timeout=60)
    form = {"__ac_name": name, "__ac_password": "wrong", "buttons.login": "1"}
    requests.post(f"{city.url}/login", data=form, headers={"Accept": "text/html"}, timeout=60)
    assert ledger("SELECT count(*) AS n FROM login_failure WHERE person = ?", name)[0]["n"] == 2


def test_a_name_that_is_nobodys_answers_like_a_wrong_password(city: City) -> None:
    nobody = requests.get(city.url, auth=("nobody.here", "x"), headers=JSON, timeout=60)
    somebody = requests.get(city.url, auth=("records.district-bang-bon", "x"), headers=JSON, timeout=60)
    assert (nobody.status_code, nobody.text) == (somebody.status_code, somebody.text)


@pytest.mark.parametrize(("language", "words"), [("en", "at least 10"), ("th", "10 ตัวอักษร")])
def test_weak_passwords_are_refused(city: City, person: Person, language: str, words: str) -> None:
    name = person()
    client = Client(city.url, name, language)
    for weak in ("short", name if len(name) >= 10 else "1234567890"):
        answer = client.post(f"/@users/{name}/reset-password", json={"old_password": PASSWORD, "new_password": weak})
        assert answer.status_code == 400, answer.text
        if weak == "short":
            assert words in "".join(error_of(answer)["fields"].values())
    assert client.get(city.url).status_code == 200


def test_people_change_their_own_password(city: City, person: Person) -> None:
    name, other = person(), person()
    client = Client(city.url, name)
    fresh = "a new and long one"
    answer = client.post(f"/@users/{name}/reset-password", json={"old_password": PASSWORD, "new_password": fresh})
    assert answer.status_code in (200, 204), answer.text
    assert guess(city, name, PASSWORD) == [401]
    assert guess(city, name, fresh) == [200]
    answer = client.post(f"/@users/{other}/reset-password", json={"old_password": PASSWORD, "new_password": fresh})
    assert answer.status_code in (400, 401, 403, 404)
    assert guess(city, other, PASSWORD) == [200]
