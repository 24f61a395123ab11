"""`api.md`, REST: general. How one asks, what a refusal looks like, what the limits are."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import pytest
import requests
from tests.conftest import PASSWORD, City, Client
from tests.routing.conftest import BYSTANDER, RECEIVER, SENDER, Office


@pytest.mark.parametrize("address", ["++api++/@inbox", "++api++/agencies/{agency}/@deliveries"])
def test_the_other_way_to_ask_for_json(city: City, address: str) -> None:
    user = city.client(f"registrar.{SENDER}")
    answer = user.get(f"/{address.format(agency=SENDER)}", headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    assert {"items", "items_total"} <= set(answer.json())


@pytest.mark.parametrize("accept", ["", "*/*", "text/html,*/*;q=0.8", "application/json"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_monitors_ask_for_health_in_any_way(city: City, accept: str, method: str) -> None:
    answer = requests.request(method, f"{city.url}/@health", headers={"Accept": accept}, allow_redirects=False, timeout=60)
    assert answer.status_code in (200, 503), answer.headers
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("accept", ["*/*", "application/json, text/plain, */*"])
def test_programs_ask_for_services_in_any_way(city: City, accept: str) -> None:
    headers, user = {"Accept": accept}, city.client(f"registrar.{SENDER}")
    for method in ("GET", "HEAD"):
        answer = user.request(method, "/@inbox", headers=headers)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
        assert city.client().request(method, "/@inbox", headers=headers, allow_redirects=False).status_code == 401
    made = user.post(f"/agencies/{SENDER}/letters", json={"kind": "internal", "title": "จากโปรแกรม"}, headers=headers)
    assert made.status_code == 201, made.text
    assert user.head(made.json()["@id"]).status_code == 200
    book = user.get(f"/agencies/{SENDER}/@register-book", params={"book": "send", "format": "csv"}, headers=headers)
    assert book.headers["Content-Type"].startswith("text/csv")


def test_a_form_of_a_page_is_no_program(city: City) -> None:
    """Else another site could have a person's browser post it."""
    user = city.client(f"registrar.{SENDER}")
    for headers in ({"Accept": "text/html,*/*;q=0.8"}, {"Accept": "*/*"}):
        answer = user.post(f"/agencies/{SENDER}/@reserve-number", data="{}", headers={**headers, "Content-Type": "text/plain"})
        assert answer.status_code == 404, answer.text


def test_outside_the_site_people_are_led_to_it_and_programs_learn_nothing(city: City) -> None:
    outside = city.url.removesuffix("saraban")
    page = requests.get(outside, headers={"Accept": "text/html"}, allow_redirects=False, timeout=60)
    assert (page.status_code, page.headers["Location"]) == (302, city.url)
    for address in ("", "@sites", "manage", "nowhere"):
        answer = city.client().get(outside + address)
        assert (answer.status_code, answer.json()["error"]["type"]) == (401, "Unauthorized"), address


def test_behind_the_proxy_of_the_manual_the_site_is_the_root(city: City) -> None:
    """`docs/deployment.md`: nginx rewrites every address to one of a virtual host."""
    outside = "https://saraban.example.go.th"
    root = city.url.removesuffix("/saraban") + "/VirtualHostBase/https/saraban.example.go.th:443/saraban/VirtualHostRoot"
    page: dict[str, Any] = {"headers": {"Accept": "text/html"}, "allow_redirects": False}
    assert city.client().get(f"{root}/login", **page).status_code == 200
    assert city.client().get(f"{root}/@health").status_code in (200, 503)
    assert city.client().get(f"{root}/@inbox").status_code == 401
    sent = city.client().get(f"{root}/desk", **page)
    assert (sent.status_code, sent.headers["Location"].partition("?")[0]) == (302, f"{outside}/login")
    user = city.client(f"registrar.{SENDER}")
    assert user.get(f"{root}/@inbox").json()["@id"] == f"{outside}/@inbox"
    desk = user.get(f"{root}/desk", **page)
    assert desk.status_code == 200
    assert f'href="{outside}/desk' in desk.text
    assert "/saraban/" not in desk.text.replace(outside, "")


def test_a_token_lives_twelve_hours(city: City) -> None:
    answer = Client(city.url, None).post("/@login", json={"login": f"registrar.{SENDER}", "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    payload = answer.json()["token"].split(".")[1]
    token = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert 11.9 * 3600 < token["exp"] - time.time() <= 12 * 3600
    bearer = {"Authorization": f"Bearer {answer.json()['token']}"}
    assert Client(city.url, None).get("/@inbox", headers=bearer).status_code == 200


@pytest.mark.parametrize(
    ("address", "user"),
    [
        ("/agencies/{agency}/@deliveries", "registrar"),
        ("/@inbox", "registrar"),
        ("/agencies/{agency}/@register-book", "registrar"),
        ("/@units", "registrar"),
        ("/@find", "registrar"),
        ("/@search", "registrar"),
        ("/agencies/{agency}/@secret-letters", "secret"),
    ],
)
def test_a_batch_is_a_thousand_at_most(city: City, address: str, user: str) -> None:
    client = city.client(f"{user}.{SENDER}")
    address = address.format(agency=SENDER)
    most = client.get(address, params={"b_size": 1000})
    assert most.status_code == 200, most.text
    assert {"@id", "items", "items_total"} <= set(most.json())
    for wrong in ("b_size=1001", "b_size=x", "b_size=-1", "b_start=-1", "b_start=x"):
        answer = client.get(f"{address}?{wrong}")
        assert answer.status_code == 400, (address, wrong, answer.text[:300])
        assert answer.json()["error"]["type"] == "Invalid"


def test_batches_lead_from_one_to_the_next(office: Office) -> None:
    office.draft()
    user = office.user("registrar")
    first = user.get("/@units", params={"b_size": 2, "text": "เขต"}).json()
    assert len(first["items"]) == 2
    assert first["items_total"] > 40
    following = user.get(first["batching"]["next"]).json()
    assert len(following["items"]) == 2
    assert following["items"][0]["id"] not in {one["id"] for one in first["items"]}
    assert "prev" in following["batching"]
    last = user.get(first["batching"]["last"]).json()
    assert "next" not in last["batching"]


def test_links_keep_what_was_asked_and_the_list_is_named_without_its_window(city: City) -> None:
    user, address = city.client(f"registrar.{SENDER}"), f"/agencies/{SENDER}/@register-book"
    found = user.get(f"{address}?book=send&b_size=1&b_start=0").json()
    assert found["@id"] == f"{city.url}{address}?book=send"
    assert user.get("/@inbox", params={"b_size": 5}).json()["@id"] == f"{city.url}/@inbox"
    several = user.get("/@find?kind=internal&b_size=1&kind=external").json()
    assert several["@id"] == f"{city.url}/@find?kind=internal&kind=external"
    for link in several.get("batching", {}).values():
        assert "kind=internal&kind=external" in link


@pytest.mark.parametrize(("language", "thai"), [("th", True), ("en", False), ("th,en;q=0.5", True), ("en-GB,th;q=0.3", False)])
def test_a_refusal_speaks_the_asked_language(office: Office, language: str, thai: bool) -> None:
    answer = office.user("registrar").post(
        f"/agencies/{SENDER}/letters",
        json={"@type": "Letter", "kind": "external", "title": ""},
        headers={"Accept-Language": language},
    )
    error = answer.json()["error"]
    assert (answer.status_code, error["type"], set(error)) == (400, "Invalid", {"type", "message", "fields"})
    for text in (error["message"], error["fields"]["title"]):
        assert any("\u0e00" <= sign <= "\u0e7f" for sign in text) is thai


def test_units_by_name_code_and_parent(city: City) -> None:
    user = city.client(f"officer.{SENDER}")
    by_name = user.get("/@units", params={"text": "สำนักงานเขตดุสิต"}).json()["items"]
    assert SENDER in {one["id"] for one in by_name}
    by_code = user.get("/@units", params={"text": "กท 9028"}).json()["items"]
    assert SENDER in {one["id"] for one in by_code}
    for spelt in ("กท๙๐๒๘", "กท9028", "๙๐๒๘"):
        assert SENDER in {one["id"] for one in user.get("/@units", params={"text": spelt}).json()["items"]}, spelt
    below = user.get("/@units", params={"parent": SENDER, "b_size": "100"}).json()["items"]
    assert {one["parent"] for one in below} == {SENDER}
    assert {f"{SENDER}.general", f"{SENDER}.registration"} <= {one["id"] for one in below}


def test_a_password_is_changed_by_the_one_who_knows_it(city: City) -> None:  # L6
    admin = city.client("site-admin")
    name = f"forgetful.{time.monotonic_ns()}"
    assert admin.post("/@users", json={"username": name, "email": f"{name}@x.example", "password": PASSWORD}).status_code == 201
    before = {"old_password": PASSWORD, "new_password": "another-4711-Word"}
    other, own = city.client(f"registrar.{SENDER}", "th"), Client(city.url, name, "th")
    # Nobody learns from it which accounts there are, or has a letter sent to them.
    for account in (name, "nobody.at.all"):
        for asks in (before, {}):
            assert other.post(f"/@users/{account}/reset-password", json=asks).status_code == 404
    assert own.post(f"/@users/{name}/other", json=before).status_code == 404
    without = own.post(f"/@users/{name}/reset-password", json={})
    assert (without.status_code, set(without.json()["error"]["fields"])) == (400, {"old_password", "new_password"})
    wrong = own.post(f"/@users/{name}/reset-password", json={**before, "old_password": "x"})
    assert (wrong.status_code, wrong.json()["error"]["message"]) == (403, "รหัสผ่านปัจจุบันไม่ถูกต้อง")
    changed = Client(city.url, name).post(f"/@users/{name}/reset-password", json=before)
    assert changed.status_code in (200, 204), changed.text
    # Another client: the first one got a cookie.
    assert Client(city.url, name).get("/@inbox").status_code == 401
    with Client(city.url, None) as after:
        after.auth = (name, "another-4711-Word")
        assert after.get("/@inbox").status_code == 200


def test_health_says_these_words_and_nothing_else(city: City) -> None:
    answer = city.client().get("/@health")
    assert answer.status_code in (200, 503)
    assert set(answer.json()) == {"status", "zodb", "ledger", "search", "worker"}
    assert set(answer.json().values()) <= {"ok", "degraded", "down"}


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_no_other_site_may_ask_from_a_browser(city: City, method: str) -> None:
    """No CORS: pages of other sites read nothing."""
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    for user in (None, f"registrar.{SENDER}"):
        for address in ("/@health", "/@inbox", f"/agencies/{SENDER}"):
            answer = city.client(user).request(method, address, headers=headers)
            assert not [name for name in answer.headers if name.lower().startswith("access-control")], (user, address)


NUMBERED: tuple[tuple[str, Any], ...] = (
    ("draft", {"@type": "Letter", "kind": "internal", "title": "ครั้งเดียว"}),
    ("reserve", {"series": "minutes", "purpose": "ครั้งเดียว"}),
    (
        "receive",
        {
            "title": "ครั้งเดียว",
            "sender": "กรมการปกครอง",
            "sender_number": f"มท 0301/{time.monotonic_ns()}",
            "letter_date": "2020-01-02",
        },
    ),
    ("dispatch", {"recipients": [RECEIVER]}),
    ("register", {}),
    ("circular", {"@type": "Circular", "title": "ครั้งเดียว"}),
)


@pytest.mark.parametrize(("verb", "data"), NUMBERED, ids=[name for name, _data in NUMBERED])
def test_one_key_one_answer(office: Office, refused: Any, verb: str, data: dict[str, Any]) -> None:  # E18
    user, address = office.user("registrar"), ""
    if verb == "draft":
        address = f"/agencies/{SENDER}/letters"
    elif verb == "circular":
        address = f"/agencies/{SENDER}/circulars"
    elif verb == "reserve":
        address = f"/agencies/{SENDER}/@reserve-number"
    elif verb == "receive":
        address = f"/agencies/{SENDER}/@receive"
    elif verb == "dispatch":
        address = f"{office.draft()}/@dispatch"
    else:
        user = office.user("registrar", RECEIVER)
        address = f"{office.sent()[1]}/@register"
    headers = {"Idempotency-Key": f"{verb} {time.monotonic_ns()}"}
    first = user.post(address, json=data, headers=headers)
    again = user.post(address, json=data, headers=headers)
    assert first.status_code in (200, 201), first.text
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    refused(user.post(address, json={**data, "note": "another body"}, headers=headers), 409, "IdempotencyKeyReused")
    # Another person's key is another key.
    if verb == "draft":
        other = office.user("officer").post(address, json=data, headers=headers)
        assert other.json()["@id"] != first.json()["@id"]


def test_a_key_that_is_too_long(office: Office, refused: Any) -> None:
    answer = office.user("registrar").post(
        f"/agencies/{SENDER}/@reserve-number",
        json={"series": "minutes", "purpose": "x"},
        headers={"Idempotency-Key": "x" * 201},
    )
    refused(answer, 400, "Invalid", "Idempotency-Key")


def test_a_large_body_is_413_and_a_program_415(office: Office, refused: Any) -> None:
    letter = office.draft()
    user = office.user("registrar")

    def attach(name: str, content: bytes) -> Any:
        file = {"filename": name, "encoding": "base64", "data": base64.b64encode(content).decode()}
        return user.post(letter, json={"@type": "Attachment", "title": name, "file": file})

    refused(attach("a.txt", b""), 415, "UnsupportedFile")
    refused(attach("a.exe", b"MZ" + b"\0" * 200), 415, "UnsupportedFile")
    refused(attach("a.pdf", b"plain text"), 415, "UnsupportedFile")
    assert user.get(letter).json()["items_total"] == 0


@pytest.mark.parametrize("agency", [BYSTANDER, "nowhere"])
def test_nothing_at_all_for_the_registrar_of_another_agency(office: Office, agency: str) -> None:
    """In another agency: always 404, there or not."""
    user = office.user("registrar")
    for method, address in (
        ("GET", "@deliveries"),
        ("GET", "@register-book"),
        ("POST", "letters"),
        ("POST", "circulars"),
        ("POST", "@receive"),
        ("POST", "@reserve-number"),
        ("POST", "@cancel-number"),
        ("GET", "@appointments"),
        ("GET", ""),
    ):
        answer = user.request(method, f"/agencies/{agency}/{address}", json={} if method == "POST" else None)
        assert answer.status_code == 404, (method, address, answer.text)
        assert answer.json()["error"]["type"] == "NotFound"


@pytest.mark.parametrize("address", ["/agencies/nowhere", "/@nothing", f"/agencies/{BYSTANDER}/@deliveries"])
def test_a_refusal_of_a_head_request_has_no_body(office: Office, address: str) -> None:
    """Else the next answer on the same line would begin with it."""
    for user in (office.user("registrar"), office.city.client()):
        assert user.head(address).status_code in (401, 404)
        assert user.get("/@health").json()["zodb"] == "ok"
