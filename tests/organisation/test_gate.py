"""Who learns what, at every address."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from tests.conftest import PASSWORD, City, Client
from tests.organisation.conftest import error_of

HERE = "/agencies/district-dusit"
THERE = "/agencies/district-phra-nakhon"
NOWHERE = "/agencies/district-atlantis"
ADDRESSES = [
    "",
    "/nothing",
    "/@nothing",
    "/@units",
    "/@search",
    "/@users/registrar.district-dusit",
    "/agencies",
    HERE,
    f"{HERE}/general",
    f"{HERE}/@types",
    NOWHERE,
    f"{NOWHERE}/@types",
    "/acl_users",
    "/portal_catalog",
    "/@@sharing",
    "/++resource++plone-logo.svg",
]


def browser(city: City, user: str | None = None) -> requests.Session:
    session = requests.Session()
    session.headers["Accept"] = "text/html"
    session.headers["Accept-Language"] = "th"
    if user is not None:
        session.auth = (user, PASSWORD)
    return session


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE", "OPTIONS"])
def test_rest_answers_401_to_anybody_everywhere(city: City, method: str, path: str) -> None:
    answer = city.client().request(method, path or city.url)
    assert answer.status_code == 401, answer.text
    assert error_of(answer) == {"type": "Unauthorized", "message": "Please log in."}
    assert "WWW-Authenticate" not in answer.headers


@pytest.mark.parametrize("path", ["", HERE, NOWHERE])
def test_rest_by_address_answers_401_too(city: City, path: str) -> None:
    answer = requests.get(f"{city.url}/++api++{path}", headers={"Accept": "*/*"}, timeout=60, allow_redirects=False)
    assert answer.status_code == 401
    assert error_of(answer)["type"] == "Unauthorized"


def test_a_preflight_learns_nothing(city: City) -> None:
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    answers = [city.client().options(path, headers=headers) for path in (HERE, NOWHERE)]
    assert [answer.status_code for answer in answers] == [401, 401]


@pytest.mark.parametrize("path", ["/", "/nothing", HERE, NOWHERE, f"{HERE}/@@people", "/@@search", "/logged-out"])
def test_a_page_sends_anybody_to_the_login_form(city: City, path: str) -> None:
    answer = browser(city).get(f"{city.url}{path}?x=1", timeout=60, allow_redirects=False)
    assert answer.status_code == 302
    target = urlsplit(answer.headers["Location"])
    assert target.path == "/saraban/login"
    if path != "/":
        assert parse_qs(target.query)["came_from"] == [f"{city.url}{path}?x=1"]


def test_the_login_form_and_its_files_are_for_everybody(city: City) -> None:
    session = browser(city)
    page = session.get(f"{city.url}/login", timeout=60)
    assert page.status_code == 200
    files = set(re.findall(r'(?:src|href)="([^"]+\.(?:css|js|svg|png|woff2|ico)[^"]*)"', page.text))
    assert files
    for file in files:
        assert session.get(requests.compat.urljoin(page.url, file), timeout=60, allow_redirects=False).status_code in (
            200,
            404,
        ), file


def test_no_way_through_static_files_to_documents(city: City) -> None:
    for path in (f"/++plone++static{HERE}", f"/++resource++x{HERE}", f"/++theme++barceloneta{HERE}/@@view"):
        answer = browser(city).get(city.url + path, timeout=60, allow_redirects=False)
        assert answer.status_code in (302, 404), path
        assert "ดุสิต" not in answer.text


@pytest.mark.parametrize(
    "rest", ["", "/general", "/@types", "/@workflow", "/@appointments", "/@nothing", "/@@view", "/edit", "/nothing"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_another_agency_and_none_at_all_answer_alike(city: City, method: str, rest: str) -> None:
    client = city.client("registrar.district-dusit")
    hidden, absent = (client.request(method, f"{where}{rest}", json={}) for where in (THERE, NOWHERE))
    assert (hidden.status_code, hidden.text) == (absent.status_code, absent.text)
    assert hidden.status_code == 404
    assert error_of(hidden) == {"type": "NotFound", "message": "Nothing was found at this address."}
    unlike = {"Date"}
    assert {k: v for k, v in hidden.headers.items() if k not in unlike} == {
        k: v for k, v in absent.headers.items() if k not in unlike
    }


@pytest.mark.parametrize("rest", ["", "/general", "/@@people", "/edit", "/nothing"])
def test_pages_of_another_agency_and_of_none_are_alike(city: City, rest: str) -> None:
    session = browser(city, "registrar.district-dusit")
    hidden, absent = (session.get(f"{city.url}{where}{rest}", timeout=60) for where in (THERE, NOWHERE))
    assert hidden.status_code == absent.status_code == 404

    def neutral(page: requests.Response) -> str:
        return re.sub(r"_authenticator=\w+|\"[0-9a-f]{40,}\"", "", page.text.replace("phra-nakhon", "atlantis"))

    assert neutral(hidden) == neutral(absent)
    assert hidden.text.count("<h1") == 1


def test_what_one_sees_but_may_not_do_is_403(city: City) -> None:
    client = city.client("registrar.district-dusit")
    for method, path in (("GET", f"{HERE}/@appointments"), ("PATCH", HERE), ("DELETE", HERE), ("GET", "/@users")):
        answer = client.request(method, path, json={"title": "x"})
        assert answer.status_code in (401, 403), (path, answer.text)
        assert answer.status_code == 403, path
        assert error_of(answer)["type"] == "Forbidden"
    page = browser(city, "registrar.district-dusit").get(f"{city.url}{HERE}/@@people", timeout=60)
    assert page.status_code == 403
    assert page.text.count("<h1") == 1


def test_own_agency_is_there(city: City) -> None:
    client = city.client("officer.district-dusit")
    assert client.get(HERE).json()["title"] == "สำนักงานเขตดุสิต"
    assert client.get(f"{HERE}/general").json()["unit_id"] == "district-dusit.general"


def test_errors_speak_thai_and_english(city: City) -> None:
    messages = {
        language: error_of(city.client("registrar.district-dusit", language).get("/@units?b_size=x"))
        for language in ("th", "en")
    }
    assert messages["en"]["message"] == "Some of what was entered is not valid."
    assert messages["en"]["fields"]["b_size"].startswith("A whole number")
    assert messages["th"]["type"] == messages["en"]["type"] == "Invalid"


def test_json_that_is_none_is_400(city: City, admin: Client) -> None:
    answer = admin.post(f"{HERE}/@appointments", data="{", headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert error_of(answer)["fields"]


def test_a_refusal_and_an_attempt_are_kept(city: City, ledger: Callable[..., list[dict[str, Any]]]) -> None:
    client = city.client("chief.district-dusit")
    last = ledger("SELECT max(id) AS id FROM audit")[0]["id"]
    client.get(f"{HERE}/@appointments")
    client.get(THERE)
    client.get(NOWHERE)
    rows = ledger("SELECT * FROM audit WHERE id > ? AND person = ? ORDER BY id", last, client.user)
    assert [(row["act"], row["outcome"]) for row in rows] == [("appointments", "Forbidden"), ("get", "NotFound")]
    assert all(row["address"] == "127.0.0.1" and row["uid"] and not row["detail"] for row in rows)
    assert rows[0]["post"] == "หัวหน้าฝ่ายปกครอง"
    assert rows[0]["unit"] == "district-dusit.general"


def test_a_token_opens_what_a_password_opens(city: City) -> None:
    anonymous = Client(city.url, None)
    login = anonymous.post("/@login", json={"login": "records.district-dusit", "password": PASSWORD})
    assert login.status_code == 200
    headers = {"Authorization": f"Bearer {login.json()['token']}"}
    anonymous.cookies.clear()
    assert anonymous.get(HERE, headers=headers).status_code == 200
    assert anonymous.get(THERE, headers=headers).status_code == 404
    assert anonymous.get(HERE, headers={"Authorization": "Bearer rubbish"}).status_code == 401
