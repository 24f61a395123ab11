"""Search in the running city: from the desk of the person who looks for a letter, with Solr and without."""

from __future__ import annotations

import random
import subprocess
import time
from itertools import count
from typing import Any

import pytest
from tests.conftest import HOME, City, run, wait_until
from tests.search.conftest import Node

from saraban.search import second
from saraban.search.client import Solr

SENDER, RECEIVER, BYSTANDER = "permanent-secretary-secretariat", "district-dusit", "district-phra-nakhon"
_serial = count(1)


class Finder:
    """What people of the city do here."""

    def __init__(self, city: City, node: Node) -> None:
        self.city, self.node = city, node

    def user(self, user: str) -> Any:
        return self.city.client(user)

    def find(self, user: str, **parameters: Any) -> dict[str, Any]:
        answer = self.user(user).get("/@find", params=parameters)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def total(self, user: str, **parameters: Any) -> int:
        return int(self.find(user, **parameters)["items_total"])

    def draft(self, title: str, **fields: Any) -> str:
        data = {"@type": "Letter", "kind": "internal", "title": title, "owner_unit": SENDER, **fields}
        answer = self.user(f"registrar.{SENDER}").post(f"/agencies/{SENDER}/letters", json=data)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["@id"])

    def send(self, letter: str, *recipients: str) -> dict[str, Any]:
        answer = self.user(f"registrar.{SENDER}").post(
            f"{letter}/@dispatch", json={"recipients": list(recipients) or [RECEIVER]}
        )
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def appears(self, user: str, seconds: float = 5.0, **parameters: Any) -> dict[str, Any]:
        """Waits for what is saved: it is found within five seconds."""
        wait_until(lambda: self.total(user, **parameters) > 0, seconds, "to be found")
        return self.find(user, **parameters)


@pytest.fixture(scope="module")
def finder(searching: tuple[City, Node]) -> Finder:
    made = Finder(*searching)
    made.draft("ขอให้ค้นพบก่อนการทดสอบ")
    made.appears(f"registrar.{SENDER}", 60, text="ขอให้ค้นพบก่อน")
    return made


def subject_of(seed: int) -> str:
    """A subject that comes near to no other letter's."""
    chance = random.Random(seed)
    return "".join(chance.choice("กขคงจชซดตถทธนบปพฟภมยรลวสหอ") + chance.choice("าิีุู") for _ in range(16))


@pytest.fixture
def title() -> str:
    """The subject of a test's letter."""
    return subject_of(next(_serial))


def test_a_letter_on_its_way(finder: Finder, title: str) -> None:
    subject = title
    letter = finder.draft(subject, body="<p>ตามที่กำหนดให้ตัดแต่งกิ่งไม้ริมคลอง</p>", to_text="ผู้อำนวยการเขตดุสิต")
    found = finder.appears(f"registrar.{SENDER}", text=subject)
    assert found["engine"] == "solr"
    assert found["items"][0]["@id"] == letter
    assert "<mark>" not in found["items"][0]["title"]
    assert finder.total(f"registrar.{RECEIVER}", text=subject) == 0
    assert finder.total(f"registrar.{BYSTANDER}", text=subject) == 0

    sent = finder.send(letter, RECEIVER, BYSTANDER)
    finder.appears(f"registrar.{RECEIVER}", text=subject)
    delivery = next(one["@id"] for one in sent["deliveries"] if one["unit"] == RECEIVER)
    registered = finder.user(f"registrar.{RECEIVER}").post(f"{delivery}/@register", json={}).json()
    number = registered["receive_number"]
    item = finder.appears(f"registrar.{RECEIVER}", text=subject, receive_number=number)["items"][0]
    assert item["receive_number"] == number
    assert item["number"] == sent["number"]
    page = finder.user(f"registrar.{RECEIVER}").get("/find", params={"text": subject}, headers={"Accept": "text/html"}).text
    assert "ลงรับแล้ว" in page.partition("find-hits")[2]  # where it stands on the own desk
    assert {"@id", "@type", "title", "number", "letter_date", "receive_number", "receive_date", "kind", "urgency", "secrecy",
            "state", "sender", "highlight"} <= set(item)  # fmt: skip
    # The other receiver sees the letter and never our number.
    assert finder.total(f"registrar.{BYSTANDER}", text=subject, receive_number=number) == 0
    assert finder.find(f"registrar.{BYSTANDER}", text=subject)["items"][0]["receive_number"] is None
    assert finder.total(f"registrar.{RECEIVER}", number=sent["number"], text=subject) == 1
    assert "ตัดแต่ง" in finder.find(f"registrar.{RECEIVER}", text=f"{subject} กิ่งไม้")["items"][0]["highlight"].replace(
        "<mark>", ""
    ).replace("</mark>", "")


def test_recalled_is_gone_at_once(finder: Finder, title: str) -> None:
    subject = title
    letter = finder.draft(subject)
    finder.send(letter)
    finder.appears(f"registrar.{RECEIVER}", text=subject)
    answer = finder.user(f"registrar.{SENDER}").post(f"{letter}/@recall", json={"recipients": [RECEIVER], "reason": "ส่งผิด"})
    assert answer.status_code == 200, answer.text
    found = finder.find(f"registrar.{RECEIVER}", text=subject, facets="kind,unit,sender")
    assert found["items_total"] == 0
    assert found["items"] == []
    assert not any(found["facets"].values())
    assert finder.user(f"registrar.{RECEIVER}").get("/@suggest", params={"text": subject}).json()["items"] == []
    assert finder.total(f"registrar.{SENDER}", text=subject) == 1


def test_deleted_is_gone(finder: Finder, title: str) -> None:
    subject = title
    letter = finder.draft(subject)
    finder.appears(f"registrar.{SENDER}", text=subject)
    assert finder.user(f"registrar.{SENDER}").delete(letter).status_code == 204
    assert finder.total(f"registrar.{SENDER}", text=subject) == 0


@pytest.mark.parametrize(
    "parameters",
    [
        {"sort_on": "allowed"},
        {"op": "xor"},
        {"facets": "allowed"},
        {"letter_date_from": "x"},
        {"b_size": "99999"},
        {"kind": "poem"},
    ],
)
def test_unknown_is_400(finder: Finder, parameters: dict[str, str]) -> None:
    answer = finder.user(f"registrar.{SENDER}").get("/@find", params=parameters)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "Invalid"
    assert list(answer.json()["error"]["fields"]) == list(parameters)


@pytest.mark.parametrize("path", ["/@find", "/@search", "/@suggest"])
def test_parameters_of_solr_are_inert(finder: Finder, path: str) -> None:
    hostile = {"fq": "*:*", "fl": "allowed", "q": "*:*", "q.op": "OR", "qt": "/select", "shards": "x", "facet": "true",
               "core": "x", "request_handler": "select", "bq": "*:*", "{!v}": "1"}  # fmt: skip
    user = finder.user(f"registrar.{BYSTANDER}")
    plain = {"text": "ค้นพบก่อน", "SearchableText": "ค้นพบก่อน"}
    answer = user.get(path, params={**plain, **hostile})
    assert answer.status_code == 200
    assert answer.json()["items"] == user.get(path, params=plain).json()["items"]
    assert "allowed" not in answer.text.replace("fl=allowed", "")


def test_anonymous(finder: Finder) -> None:
    assert finder.city.client(None).get("/@find").status_code == 401
    assert finder.city.client(None).get("/@suggest", params={"text": "ค้น"}).status_code == 401


def test_plones_own_search(finder: Finder) -> None:
    user = finder.user(f"registrar.{SENDER}")
    found = user.get("/@search", params={"SearchableText": "ค้นพบก่อน"}).json()
    assert user.get("/@search", params={"Title": "ค้นพบก่อน"}).json()["items"] == found["items"]
    assert [one["@type"] for one in found["items"]] == ["Letter"]
    assert found["items_total"] == 1
    assert finder.user(f"registrar.{BYSTANDER}").get("/@search", params={"SearchableText": "ค้นพบก่อน"}).json()["items"] == []
    below = user.get(f"/agencies/{SENDER}/@search", params={"SearchableText": "ค้นพบก่อน"})
    assert below.json()["items_total"] == 1
    assert user.get(f"/agencies/{BYSTANDER}/@search", params={"SearchableText": "ค้นพบก่อน"}).status_code == 404
    live = user.get("/@@ajax-search", params={"SearchableText": "ค้นพบก่อน"})
    assert live.json()["total"] == 1
    moved = user.get("/@@search", params={"SearchableText": "ค้นพบ", "fq": "x"}, allow_redirects=False)
    assert moved.headers["Location"].partition("?")[0].endswith("/find")


def test_the_page(finder: Finder) -> None:
    user = finder.user(f"registrar.{SENDER}")
    page = user.get("/find", params={"text": "ค้นพบก่อน"}, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert "ขอให้<mark>ค้นพบก่อน</mark>การทดสอบ" in page.text
    nothing = user.get("/find", params={"text": "ค้นพบก่อน", "kind": "order"}, headers={"Accept": "text/html"})
    assert "find-chips" in nothing.text
    wrong = user.get("/find", params={"text": "x", "letter_date_from": "เมื่อวาน"}, headers={"Accept": "text/html"})
    assert wrong.status_code == 400
    assert 'id="field-letter_date_from-error"' in wrong.text


def test_solr_killed_and_back(finder: Finder, title: str) -> None:
    """Saves go on, subjects and numbers are found, and all is caught up without anybody's hand."""
    before, during = title, subject_of(1000 + next(_serial))
    letter = finder.draft(before, body="เนื้อความที่มีคำว่าพยัคฆ์")
    sent = finder.send(letter)
    finder.appears(f"registrar.{RECEIVER}", text=before)
    finder.node.kill()
    try:
        found = finder.find(f"registrar.{RECEIVER}", text=before, facets="kind,unit,state,year,urgency,sender,secrecy,category")
        assert found["engine"] == "catalog"
        assert found["items_total"] == 1
        assert found["facets"]["unit"]
        assert finder.total(f"registrar.{BYSTANDER}", text=before) == 0
        for text in (sent["number"], before[5:20], f"{before[:12]} {before[-9:]}"):
            assert finder.total(f"registrar.{RECEIVER}", text=text) >= 1, text
        assert finder.total(f"registrar.{RECEIVER}", number=sent["number"]) == 1
        second = finder.draft(during)
        finder.send(second)
        finder.appears(f"registrar.{RECEIVER}", text=during)
        delivery = sent["deliveries"][0]["@id"]
        number = finder.user(f"registrar.{RECEIVER}").post(f"{delivery}/@register", json={}).json()["receive_number"]
        for sort in ("register_number", "receive_date", "letter_number", "letter_date", "title"):
            assert finder.total(f"registrar.{RECEIVER}", receive_number=number, sort_on=sort) == 1
        answer = finder.user(f"registrar.{SENDER}").post(f"{second}/@recall", json={"recipients": [RECEIVER], "reason": "x"})
        assert answer.status_code == 200, answer.text
        assert finder.total(f"registrar.{RECEIVER}", text=during) == 0
        page = finder.user(f"registrar.{RECEIVER}").get("/find", params={"text": before}, headers={"Accept": "text/html"})
        assert "message warning" in page.text
    finally:
        finder.node.start()
    wait_until(lambda: finder.find(f"registrar.{SENDER}", text=during)["engine"] == "solr", 20, "for Solr to be asked again")
    finder.appears(f"registrar.{SENDER}", 20, text=during)
    assert finder.total(f"registrar.{RECEIVER}", text=during) == 0
    assert finder.appears(f"registrar.{RECEIVER}", receive_number=number)["items"][0]["title"] == before
    time.sleep(1)
    assert finder.total(f"registrar.{RECEIVER}", text=before) == 1  # nothing double


def test_rebuilt_beside_and_swapped(finder: Finder, title: str) -> None:
    """What Solr lost is there again; what goes on meanwhile is kept; a second run finds nothing to go on with."""
    kept, during = title, subject_of(1000 + next(_serial))
    finder.draft(kept)
    finder.appears(f"registrar.{SENDER}", text=kept)
    Solr(finder.node.url, "saraban").clear()
    assert finder.total(f"registrar.{SENDER}", text=kept) == 0
    with subprocess.Popen(
        [str(HOME / "bin" / "saraban"), "reindex", "--only", "search"], env=finder.city.environment, stdout=subprocess.PIPE
    ) as program:
        time.sleep(3)
        finder.draft(during)
        finder.appears(f"registrar.{SENDER}", 20, text=during)
        out = program.communicate(timeout=120)[0].decode()
    assert program.returncode == 0, out
    assert "letters are in the new search index" in out
    assert finder.total(f"registrar.{SENDER}", text=kept) == 1
    assert finder.total(f"registrar.{SENDER}", text=during) == 1
    assert not second.stands(Solr(finder.node.url, "saraban"))
    after = subject_of(1000 + next(_serial))
    finder.draft(after)
    finder.appears(f"registrar.{SENDER}", 20, text=after)
    queued = run(finder.city, "saraban", "reindex", "--since", "2020-01-01")
    assert "letters are queued for the worker" in queued.stdout, queued.stderr


def test_check_names_and_repairs(finder: Finder, title: str) -> None:
    finder.draft(title)
    uid = finder.appears(f"registrar.{SENDER}", 20, text=title)["items"][0]["UID"]
    engine = Solr(finder.node.url, "saraban")
    engine.update([{"uid": uid, "read_at": time.time_ns() // 1000}])
    assert finder.total(f"registrar.{SENDER}", text=title) == 0
    done = run(finder.city, "saraban", "check", "--only", "search", "--repair")
    assert "it is not in Solr" in done.stdout + done.stderr
    finder.appears(f"registrar.{SENDER}", 20, text=title)
    again = run(finder.city, "saraban", "check", "--only", "search")
    assert again.returncode == 0, again.stdout + again.stderr
