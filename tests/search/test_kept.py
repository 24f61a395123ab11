"""What people keep of their searches, suggestions, and the list of words: each their own (rule, refusals, strangers)."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.conftest import City, wait_until
from tests.search.conftest import Node
from tests.search.test_city import BYSTANDER, RECEIVER, SENDER, Finder, subject_of

REGISTRAR = f"registrar.{SENDER}"
OTHER = f"registrar.{RECEIVER}"
ADMIN = "site-admin"
SEED = 970


@pytest.fixture(scope="module")
def finder(searching: tuple[City, Node]) -> Finder:
    return Finder(*searching)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/@saved-searches"), ("GET", "/@exports"), ("POST", "/@exports"), ("GET", "/@synonyms"), ("GET", "/find-export")],
)
def test_nobody_is_nobody(finder: Finder, method: str, path: str) -> None:
    answer = finder.city.client(None).request(method, path, json={"query": "text=x"}, allow_redirects=False)
    assert answer.status_code in (401, 302)


def test_saved_searches_are_ones_own(finder: Finder) -> None:
    me, other = finder.user(REGISTRAR), finder.user(OTHER)
    name = subject_of(SEED)
    made = me.post("/@saved-searches", json={"name": name, "query": "text=ต้นไม้&kind=order&year=2569&year=2568&fq=x"})
    assert made.status_code == 201, made.text
    kept = made.json()
    assert "fq" not in kept["query"]
    assert kept["query"].count("year=") == 2
    assert kept in me.get("/@saved-searches").json()["items"]
    assert kept not in other.get("/@saved-searches").json()["items"]
    assert me.get(kept["address"], headers={"Accept": "text/html"}).status_code == 200
    assert name in me.get("/find", headers={"Accept": "text/html"}).text
    again = me.post("/@saved-searches", json={"name": name, "query": "text=x"})
    assert (again.status_code, again.json()["error"]["type"]) == (409, "SavedSearchExists")
    assert other.delete(kept["@id"]).status_code == 404
    assert me.delete(kept["@id"]).status_code == 204
    assert me.delete(kept["@id"]).status_code == 404


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"name": "", "query": "text=x"}, "name"),
        ({"name": "x" * 201, "query": "text=x"}, "name"),
        ({"name": "x", "query": ""}, "query"),
        ({"name": "x", "query": "sort_on=title"}, "query"),
        ({"name": "x", "query": "kind=poem"}, "kind"),
        ({"name": "x"}, "query"),
    ],
)
def test_nonsense_is_not_kept(finder: Finder, data: dict[str, str], field: str) -> None:
    answer = finder.user(REGISTRAR).post("/@saved-searches", json=data)
    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == [field]


def finished(finder: Finder, user: str, query: str) -> dict[str, Any]:
    """A list, once it is there."""
    ordered = finder.user(user).post("/@exports", json={"query": query})
    assert ordered.status_code == 202, ordered.text
    address = ordered.json()["@id"]

    def done() -> dict[str, Any] | None:
        found: dict[str, Any] = finder.user(user).get(address).json()
        assert found["state"] != "failed"
        return found if found["state"] == "done" else None

    return dict(wait_until(done, 30, "for the list"))


def rows(finder: Finder, user: str, made: dict[str, Any]) -> list[tuple[Any, ...]]:
    answer = finder.user(user).get(made["file"])
    assert answer.status_code == 200, answer.text
    return list(load_workbook(io.BytesIO(answer.content)).active.values)


def test_a_list_as_xlsx_for_one_person_with_todays_rights(finder: Finder) -> None:
    word = subject_of(SEED + 1)
    sent, kept = finder.draft(f"{word} ส่งแล้ว"), finder.draft(f"={word} ร่าง")
    finder.send(sent)
    wait_until(lambda: finder.total(REGISTRAR, text=word) == 2, 10)
    finder.appears(OTHER, text=word)
    mine = finished(finder, REGISTRAR, f"text={word}&sort_on=title")
    lines = rows(finder, REGISTRAR, mine)
    assert {line[-1] for line in lines[1:]} == {sent, kept}
    assert f"'={word} ร่าง" in [line[2] for line in lines]  # no formula
    assert (mine["written"], mine["total"], mine["found"]) == (2, 2, 2)
    # The receiver's list holds what the receiver sees; nobody fetches another's.
    theirs = finished(finder, OTHER, f"text={word}")
    assert [line[-1] for line in rows(finder, OTHER, theirs)[1:]] == [sent]
    for address in (mine["@id"], mine["file"]):
        assert finder.user(OTHER).get(address).status_code == 404
        assert finder.user(ADMIN).get(address).status_code == 404
    assert finder.user(OTHER).delete(mine["@id"]).status_code == 404
    # Recalled in between: not in the next list.
    recalled = finder.user(REGISTRAR).post(f"{sent}/@recall", json={"recipients": [RECEIVER], "reason": "ส่งผิด"})
    assert recalled.status_code == 200, recalled.text
    assert len(rows(finder, OTHER, finished(finder, OTHER, f"text={word}"))) == 1
    assert finder.user(REGISTRAR).delete(mine["@id"]).status_code == 204
    assert finder.user(REGISTRAR).get(mine["file"]).status_code == 404


def test_nothing_is_made_of_nonsense(finder: Finder) -> None:
    assert finder.user(REGISTRAR).post("/@exports", json={"query": "sort_on=title"}).status_code == 400
    assert finder.user(REGISTRAR).get("/@exports/nothing").status_code == 404


def test_the_list_of_words_is_the_administrators(finder: Finder) -> None:
    admin, short, long = finder.user(ADMIN), "ฆฌฌ.", subject_of(SEED + 2)
    made = admin.post("/@synonyms", json={"words": [short, long]})
    assert made.status_code == 201, made.text
    letter = finder.draft(f"เรียน {long} เพื่อทราบ")
    finder.appears(REGISTRAR, text=long)
    assert finder.find(REGISTRAR, text=short)["items"][0]["@id"] == letter
    address = made.json()["@id"]
    for user in (REGISTRAR, f"director.{SENDER}"):
        assert finder.user(user).get("/@synonyms").status_code == 403
        assert finder.user(user).post("/@synonyms", json={"words": ["a1", "b2"]}).status_code == 403
        assert finder.user(user).delete(address).status_code == 403
        assert finder.user(user).get("/synonyms", headers={"Accept": "text/html"}).status_code == 403
    assert admin.get("/@synonyms", params={"text": long}).json()["items"] == [made.json()]
    changed = admin.patch(address, json={"words": ["ฆฌญ.", long]})
    assert changed.json()["words"] == ["ฆฌญ.", long]
    wait_until(lambda: finder.total(REGISTRAR, text="ฆฌญ.") == 1, 5)
    assert admin.delete(address).status_code == 204
    assert admin.delete(address).status_code == 404


@pytest.mark.parametrize("words", [["x"], ["x", "x "], ["a=b", "c"], [], "ab", ["a", 1], ["ก" * 121, "b"]])
def test_a_line_has_several_words(finder: Finder, words: Any) -> None:
    answer = finder.user(ADMIN).post("/@synonyms", json={"words": words})
    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == ["words"]


def test_persons_are_suggested_to_their_colleagues(finder: Finder) -> None:
    def persons(user: str, text: str) -> set[str]:
        items = finder.user(user).get("/@suggest", params={"text": text}).json()["items"]
        return {one["value"] for one in items if one["type"] == "person"}

    name = next(
        one["name"] for one in finder.user(ADMIN).get(f"/agencies/{SENDER}/@appointments").json()["items"]
        if one["person"] == f"director.{SENDER}"
    )  # fmt: skip
    assert f"director.{SENDER}" in persons(REGISTRAR, name.split()[-1])
    assert f"director.{SENDER}" not in persons(f"registrar.{BYSTANDER}", name.split()[-1])
    assert persons(ADMIN, name.split()[-1]) == set()
