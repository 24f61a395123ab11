"""A circular above normal from its draft to its receipts, as its people see it, and as others do not (B9, E28, E30)."""

from __future__ import annotations

import re
import secrets

from playwright.sync_api import Page, expect
from tests.browser.checks import sound
from tests.browser.conftest import OpenAs
from tests.browser.letters import beside, file, line_of
from tests.conftest import City

OWNER, RECEIVER, OTHER = "district-dusit", "permanent-secretary-secretariat", "district-phra-nakhon"
SENDER, REGISTRAR = f"secret.{OWNER}", f"secret.{RECEIVER}"


def test_a_secret_circular_to_two_agencies(open_as: OpenAs, city: City, size: str) -> None:
    subject = f"ซักซ้อมการถวายความปลอดภัย {secrets.randbelow(10**9)}"
    sender, registrar = open_as(SENDER, size), open_as(REGISTRAR, size)
    circular = written_and_sent(sender, subject)
    opened_registered_acknowledged(registrar, subject)
    told_to_its_sender(sender, circular)
    for person in (f"registrar.{RECEIVER}", f"registrar.{OWNER}"):
        seen_by_nobody_else(open_as(person, size), circular, subject)
    raised_again(sender, registrar, circular)


def written_and_sent(page: Page, subject: str) -> str:
    """The address of a circular that was to be published, and so refused at first; dispatched to two agencies."""
    page.goto("circulars")
    page.locator("a[href$=compose-circular]").click()
    page.check("input[name=secrecy][value=confidential]")
    page.fill("#field-secrecy_reason", "เกี่ยวกับการถวายความปลอดภัย")
    page.fill("#field-title", subject)
    page.fill("#field-to_text", "ผู้อำนวยการเขต")
    page.fill("#field-body", "ด้วยสำนักงานเขตขอซักซ้อมแนวทาง\nจึงเรียนมาเพื่อโปรดทราบ")
    page.set_input_files("#field-files", [file("แผน.txt", "รายละเอียดของแผน")])
    page.select_option("#field-publish", "section-7")
    sound(page)
    page.click("button[name=save]")
    assert "ไม่เผยแพร่" in beside(page, "publish")
    expect(page.locator("input[name=secrecy][value=confidential]")).to_be_checked()
    page.select_option("#field-publish", "")
    page.click("button[name=dispatch]")
    page.wait_for_load_state()
    circular = page.url.partition("/@@")[0]
    assert "/circulars/" in circular
    assert page.locator("input[name=recipients]").count() == 2  # where somebody is cleared; no group of all agencies
    for agency in (RECEIVER, OTHER):
        page.check(f"input[name=recipients][value={agency}]")
    page.click("button[name=check]")
    sound(page)
    page.click("button[name=send]")
    expect(page.locator(".made .number")).to_have_text(re.compile(r"^ลับ กท \S+/ว \d+$"))
    return circular


def opened_registered_acknowledged(page: Page, subject: str) -> None:
    """From the secret desk; the list of circulars shows it to its reader."""
    page.goto("secret-desk")
    page.get_by_role("link", name=subject).locator("visible=true").click()
    page.wait_for_load_state()
    expect(page.locator(".secrecy-mark")).to_have_text(["ลับ", "ลับ"])
    page.locator("button[value=register]:visible").first.click()
    expect(page.locator(".made .number")).to_have_text(re.compile(r"^\d+/\d{4}$"))
    page.locator(".made a", has_text=subject).or_(page.locator("h1", has_text=subject)).first.click()
    page.wait_for_load_state()
    page.get_by_role("link", name="อ่านและรับทราบหนังสือเวียน").click()
    expect(page.locator("h1")).to_have_text(subject)
    expect(page.locator(".secrecy-mark")).to_have_text(["ลับ", "ลับ"])
    expect(page.locator(".facts").first).to_contain_text(re.compile("ชุดที่ [12] ของ 2 ชุด"))
    expect(page.locator("#readers-heading")).to_have_count(0)
    sound(page)
    page.get_by_role("button", name="รับทราบ").click()
    expect(page.locator("#receipt-heading + p")).to_contain_text("ท่านรับทราบแล้วเมื่อ")
    row = line_of(page, "circulars", subject)
    expect(row).to_contain_text("รับทราบแล้ว")
    expect(row.locator(".chip").first).to_have_text("ลับ")
    sound(page)


def told_to_its_sender(page: Page, circular: str) -> None:
    """By name: who may read it and has, and who has not; the latter is reminded."""
    page.goto(circular)
    panel = page.locator("section[aria-labelledby=readers-heading]")
    expect(panel).to_contain_text("อ่านแล้ว 1 คน รับทราบแล้ว 1 คน หน่วยงานที่ยังไม่มีผู้อ่าน 1 จาก 2 หน่วยงาน")
    for summary in panel.locator("summary").all():
        summary.click()
    waiting = panel.locator("details", has_text="รายชื่อผู้ที่ยังไม่ได้อ่าน")
    expect(waiting.locator("li")).to_have_count(1)
    expect(waiting).to_contain_text("สำนักงานเขตพระนคร")
    sound(page)
    panel.get_by_role("button", name="เตือนหน่วยงานที่ยังไม่อ่าน").click()
    expect(page.locator("#global_statusmessage")).to_contain_text("1")


def seen_by_nobody_else(page: Page, circular: str, subject: str) -> None:
    """On no list, not in search, and not at its address."""
    for address in ("circulars", "desk", "notices", "letters?tab=sent", f"find?text={subject}"):
        page.goto(address)
        expect(page.get_by_role("link", name=subject)).to_have_count(0)
    assert page.goto(circular).status == 404  # type: ignore[union-attr]


def raised_again(sender: Page, registrar: Page, circular: str) -> None:
    """To ลับมาก, by its originator: whoever holds it sees the new mark."""
    sender.goto(f"{circular}/@@classify")
    sender.check("input[value=secret]")
    sender.fill("#field-reason", "ระบุเส้นทางเสด็จ")
    sender.click("form.form button[type=submit]")
    expect(sender.locator("#global_statusmessage")).to_contain_text("ปรับชั้นความลับแล้ว")
    registrar.goto(circular)
    expect(registrar.locator(".secrecy-mark")).to_have_text(["ลับมาก", "ลับมาก"])


def test_who_is_not_cleared_is_offered_no_level(city: City) -> None:
    for person in ("registrar", "officer", "director"):
        form = city.client(f"{person}.{OWNER}", "th").get("/compose-circular", headers={"Accept": "text/html"})
        assert form.status_code == 200
        assert 'name="secrecy"' not in form.text
