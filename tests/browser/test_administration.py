"""The administrator's page, `@health` and `@openapi`."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import expect
from tests.browser.checks import sound
from tests.browser.conftest import OpenAs
from tests.conftest import PASSWORD, City, run, wait_until

ADMIN = "site-admin"


@pytest.fixture
def failed_row(city: City) -> Iterator[int]:
    """A row of the outbox that could not be done."""
    database = sqlite3.connect(city.var / "database" / "main.sqlite3", timeout=30)
    with database:
        number = database.execute(
            "insert into outbox (kind, operation, subject, uid, payload, created_at, due_at, attempts, state, error)"
            " values ('letter-mail', 'send', '/saraban/nowhere', '', '', '2026-01-01 00:00:00.000000',"
            " '2026-01-01 00:00:00.000000', 8, 'failed', 'ConnectionRefusedError: mail')"
        ).lastrowid
    assert number is not None
    yield number
    with database:
        database.execute("delete from outbox where id = ?", (number,))
    database.close()


def test_the_site_administrator_sees_what_works_and_what_failed(open_as: OpenAs, size: str, failed_row: int) -> None:
    page = open_as(ADMIN, size)
    page.goto("administration")
    sound(page, ("letter", "mail"))
    assert page.locator(".health li").count() == 4
    words = page.locator("text=ConnectionRefusedError")
    expect(page.locator("td", has_text="บริการที่ทำงานนี้ไม่ตอบ")).to_be_visible()
    expect(words).to_be_hidden()
    page.get_by_text("ข้อความจากระบบ").click()
    expect(words).to_be_visible()
    page.click(f"button[name=drop][value='{failed_row}']")
    page.wait_for_selector(".message")
    assert page.locator("text=ConnectionRefusedError").count() == 0


def test_the_page_says_when_the_last_backup_was_made(city: City, open_as: OpenAs, tmp_path: Path) -> None:
    note = city.var / "last-backup.json"
    note.unlink(missing_ok=True)  # other tests make one, too
    page = open_as(ADMIN)
    page.goto("administration")
    assert page.locator("text=ยังไม่เคยสำรองข้อมูล").count() == 1
    assert run(city, "saraban", "backup", str(tmp_path / "backup")).returncode == 0
    page.reload()
    sound(page, ("bin", "saraban", "backup", *tmp_path.parts[1:]))
    assert page.locator("dd", has_text=str(tmp_path / "backup")).count() == 1
    found = json.loads(note.read_text("utf-8"))
    note.write_text(json.dumps({**found, "made_at": "2026-01-01T00:00:00+00:00"}), "utf-8")
    page.reload()
    assert page.locator("dd", has_text="เกิน 2 วันแล้ว").count() == 1
    note.write_text("{", "utf-8")
    page.reload()
    assert page.locator("text=ยังไม่เคยสำรองข้อมูล").count() == 1
    note.unlink()


def test_a_failed_row_is_tried_again(city: City, open_as: OpenAs, failed_row: int) -> None:
    page = open_as(ADMIN)
    page.goto("administration")
    page.click(f"button[name=retry][value='{failed_row}']")
    page.wait_for_selector(".message")
    database = sqlite3.connect(city.var / "database" / "main.sqlite3", timeout=30)
    assert database.execute("select state, attempts from outbox where id = ?", (failed_row,)).fetchone() == ("waiting", 0)
    database.close()


def test_nobody_else_comes_in(city: City) -> None:
    for user in ("registrar.district-dusit", "director.district-dusit", "auditor"):
        assert requests.get(f"{city.url}/administration", auth=(user, PASSWORD), timeout=60).status_code == 403, user


def test_health_says_five_words_to_anybody(city: City) -> None:
    def well() -> bool:
        found = city.client().get("/@health")
        assert found.status_code == 200
        assert set(found.json()) == {"status", "zodb", "ledger", "search", "worker"}
        assert set(found.json().values()) <= {"ok", "degraded", "down"}
        return bool(found.json()["worker"] == "ok")

    wait_until(well, 30, "for the worker's heartbeat")
    found = city.client().get("/@health").json()
    assert (found["zodb"], found["ledger"]) == ("ok", "ok")


def references(part: Any) -> Iterator[str]:
    """Every `$ref` in a description."""
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def test_openapi_describes_every_service_once(city: City) -> None:
    answer = city.client(ADMIN).get("/@openapi")
    assert answer.status_code == 200
    found = answer.json()
    assert found["openapi"] == "3.1.0"
    operations = [operation for path in found["paths"].values() for operation in path.values()]
    ids = [operation["operationId"] for operation in operations]
    assert len(ids) == len(set(ids))
    for address, path in found["paths"].items():
        assert address.startswith("/")
        assert not re.search(r"\{i?[A-Z]", address)
        for method, operation in path.items():
            assert operation["summary"], (method, address)
            declared = {one.get("name") for one in operation.get("parameters", ()) if one.get("in") == "path"}
            assert declared == set(re.findall(r"\{([^}]+)\}", address))
    for reference in references(found):
        place: Any = found
        for name in reference.removeprefix("#/").split("/"):
            place = place[name]
    letter = "/agencies/{agency}/letters/{year}/{part}/{letter}"
    for address in (f"{letter}/@dispatch", "/agencies/{agency}/@receive", "/@units", "/@health"):
        assert address in found["paths"], address


def test_openapi_is_for_people_with_an_account(city: City) -> None:
    assert city.client().get("/@openapi").status_code == 401


def test_the_day_of_who_holds_no_post_begins_with_the_system(open_as: OpenAs, city: City) -> None:
    page = open_as(ADMIN)
    page.goto("")
    expect(page).to_have_url(f"{city.url}/administration")
    assert page.locator(".rail-link:visible").all_inner_texts() == ["ผู้ดูแล"]


def test_who_registers_secrets_alone_reads_their_report(open_as: OpenAs) -> None:
    page = open_as("secret.district-dusit")
    page.goto("desk")
    page.locator(".rail").get_by_role("link", name="รายงาน").click()
    expect(page.locator("h1")).to_have_text("รายงาน")
