"""What the tests of the forms share: a memo's fields, a draft by REST, the chart's districts."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import FilePayload, Locator, Page
from tests.conftest import City

DUSIT = "/agencies/district-dusit"
REGISTRAR = "registrar.district-dusit"
SUBJECT = "ขอเชิญประชุมเตรียมความพร้อมรับสถานการณ์น้ำหลาก"


def draft(city: City, user: str = REGISTRAR, agency: str = DUSIT, **fields: Any) -> str:
    """A draft made by REST; its address."""
    data = {"@type": "Letter", "kind": "internal", "title": SUBJECT, **fields}
    answer = city.client(user).post(f"{agency}/letters", json=data)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["@id"])


def write_memo(page: Page, subject: str = SUBJECT) -> None:
    """Fills the form of a memo."""
    page.goto("compose?kind=internal")
    page.fill("#field-title", subject)
    page.fill("#field-to_text", "ผู้อำนวยการสำนักการระบายน้ำ")
    page.fill("#field-body", "ตามที่ได้รับมอบหมาย นั้น\nจึงเรียนมาเพื่อโปรดทราบ")
    page.fill("#field-contact", "0 2241 1234")


def pick(page: Page, text: str) -> None:
    """Chooses the first unit that the picker finds."""
    page.fill("#picker-text", text)
    page.wait_for_selector("#picker-list li")
    page.press("#picker-text", "Enter")


def line_of(page: Page, address: str, subject: str) -> Locator:
    """The line of a list about something, on whichever page of it what other tests made has left it."""
    page.goto(address)
    line = page.locator("tbody tr", has_text=subject)
    while not line.count():
        page.locator("a[rel=next]").click()
        page.wait_for_load_state()
    return line


def problem(page: Page) -> str:
    """What was refused, as said at the top."""
    return page.locator(".message.error").inner_text()


def beside(page: Page, field: str) -> str:
    """What was refused, as said at the field."""
    return page.locator(f"#field-{field}-error").inner_text().strip()


def file(name: str, content: str | bytes, kind: str = "text/plain") -> FilePayload:
    """A file to be chosen in a form."""
    return {"name": name, "mimeType": kind, "buffer": content.encode() if isinstance(content, str) else content}
