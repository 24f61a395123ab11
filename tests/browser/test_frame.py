"""The door, the frame and what stands in it."""

from __future__ import annotations

import re

import pytest
import requests
from playwright.sync_api import expect
from tests.browser.checks import accessible, no_english, sound
from tests.browser.conftest import OpenAs, log_in
from tests.conftest import PASSWORD, City

REGISTRAR = "registrar.district-dusit"


def test_login_page(open_as: OpenAs, size: str) -> None:
    page = open_as(size=size)
    page.goto("login")
    sound(page)
    expect(page.locator("h1")).to_have_text("เข้าสู่ระบบ")


def test_login_page_in_english(open_as: OpenAs) -> None:
    page = open_as()
    page.goto("login")
    page.click("button[lang=en]")
    expect(page.locator("h1")).to_have_text("Log in")
    accessible(page)
    page.click("button[lang=th]")
    expect(page.locator("h1")).to_have_text("เข้าสู่ระบบ")


def test_login_leads_to_the_desk(open_as: OpenAs, city: City) -> None:
    page = open_as()
    log_in(page, city.url, REGISTRAR)
    assert page.url == f"{city.url}/desk"


def test_login_leads_back(open_as: OpenAs, city: City) -> None:
    page = open_as()
    page.goto("change-password")
    assert page.url.startswith(f"{city.url}/login?came_from=")
    page.goto("login?came_from=https://example.com/")
    assert page.locator("input[name=came_from]").count() == 0


def test_wrong_password(open_as: OpenAs, city: City) -> None:
    page = open_as()
    log_in(page, city.url, "clerk.who-is-not-there", "wrong")
    assert page.url == f"{city.url}/login"
    expect(page.locator("[role=alert]")).to_be_visible()
    expect(page.locator("#__ac_name")).to_have_value("clerk.who-is-not-there")
    expect(page.locator("#__ac_password")).to_have_value("")
    sound(page, allow=["clerk", "who", "is", "not", "there"])


def test_ten_wrong_passwords_lock(city: City) -> None:
    for _attempt in range(10):
        answer = requests.post(f"{city.url}/login", {"__ac_name": "clerk.locked", "__ac_password": "wrong"}, timeout=30)
        assert answer.status_code == 403
    answer = requests.post(f"{city.url}/login", {"__ac_name": "clerk.locked", "__ac_password": "wrong"}, timeout=30)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "นาที" in answer.text
    assert "__ac_password" in answer.text


def test_frame(open_as: OpenAs, size: str) -> None:
    page = open_as(REGISTRAR, size)
    page.goto("change-password")
    sound(page)
    page.click("details.me summary")
    no_english(page)
    accessible(page)
    expect(page.locator("details.me a", has_text="ออกจากระบบ")).to_be_visible()
    assert page.locator("text=Plone").count() == 0
    page.keyboard.press("Escape")
    expect(page.locator("details.me .menu-body")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#search-text")).to_be_focused()


def test_targets_on_a_phone_fit_a_finger(open_as: OpenAs) -> None:
    page = open_as(REGISTRAR, "phone")
    page.goto("change-password")
    page.click("details.me summary")
    small = page.evaluate(
        """() => [...document.querySelectorAll('a, button, summary, input:not([type=hidden]), select')]
            .filter((one) => one.checkVisibility() && !one.matches('.skip'))
            .map((one) => [one.outerHTML.slice(0, 120), one.getBoundingClientRect()])
            .filter(([, box]) => box.height < 43.5 || box.width < 43.5).map(([html]) => html)"""
    )
    assert small == []


def test_skip_link(open_as: OpenAs) -> None:
    page = open_as(REGISTRAR)
    page.goto("change-password")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_language_and_digits(open_as: OpenAs) -> None:
    page = open_as("records.district-bang-rak")
    page.goto("change-password")
    page.click("details.me summary")
    page.click("button[name=digits]")
    page.click("details.me summary")
    expect(page.locator("button[name=digits]")).to_have_attribute("value", "arabic")
    page.click("button[name=digits]")
    page.click("header > .language button")
    expect(page.locator("h1")).to_have_text("Change password")
    accessible(page)
    page.click("header > .language button")
    expect(page.locator("h1")).to_have_text("เปลี่ยนรหัสผ่าน")


def test_password_is_changed_and_judged(open_as: OpenAs, city: City) -> None:
    person = "chief.district-bang-rak"
    page = open_as(person)
    page.goto("change-password")

    def change(present: str, new: str, again: str) -> None:
        for name, value in (("present", present), ("new", new), ("again", again)):
            page.fill(f"#field-{name}", value)
        page.click("form.panel button[type=submit]")

    change("not mine", "short", "shorter")
    assert page.locator(".has-error").count() == 3
    sound(page)
    new = "ประโยคสั้นๆ ของฉัน"
    change(PASSWORD, new, new)
    assert page.url == f"{city.url}/desk"
    other = open_as()
    log_in(other, city.url, person, new)
    assert other.url == f"{city.url}/desk"
    other.goto("change-password")
    page = other
    change(new, PASSWORD, PASSWORD)
    assert page.url == f"{city.url}/desk"


def test_log_out(open_as: OpenAs, city: City) -> None:
    page = open_as()
    log_in(page, city.url, "director.district-bang-kapi")
    page.goto("logout")
    assert page.url == f"{city.url}/login"
    expect(page.locator("#global_statusmessage")).to_contain_text("ออกจากระบบแล้ว")
    page.goto("desk")
    assert "/login" in page.url


def test_site_leads_to_the_desk(open_as: OpenAs, city: City) -> None:
    page = open_as(REGISTRAR)
    page.goto("")
    assert page.url == f"{city.url}/desk"


def test_nothing_here(open_as: OpenAs, size: str) -> None:
    page = open_as(REGISTRAR, size)
    answer = page.goto("there-is-nothing")
    assert answer is not None
    assert answer.status == 404
    sound(page)


def test_manager_reaches_plone(open_as: OpenAs) -> None:
    page = open_as("site-admin")
    page.goto("change-password")
    page.click("details.me summary")
    page.click("text=Plone")
    page.wait_for_url("**/@@overview-controlpanel")
    expect(page.locator("h1")).to_have_count(1)
    page.goto("@@usergroup-userprefs")
    expect(page.locator("h1")).to_have_count(1)


def test_static_files(city: City) -> None:
    html = requests.get(f"{city.url}/login", timeout=30).text
    style = re.search(r'href="([^"]+/saraban\.css)"', html)
    assert style is not None
    answer = requests.get(style[1], timeout=30)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    fonts = re.findall(r"url\((fonts/[^)]+)\)", answer.text)
    assert len(fonts) == 6
    for font in fonts:
        got = requests.get(style[1].replace("saraban.css", font), timeout=30)
        assert got.headers["Content-Type"] == "font/woff2"
    old = requests.get(re.sub(r"/sb-static/\w+/", "/sb-static/old/", style[1]), timeout=30)
    assert "immutable" not in old.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["sb-static/x/../../../secret", "sb-static/x/none.css", "sb-static"])
def test_no_other_files(city: City, path: str) -> None:
    assert requests.get(f"{city.url}/{path}", timeout=30).status_code == 404


def test_forged_choice_is_refused(city: City) -> None:
    answer = requests.post(f"{city.url}/sb-preferences", {"language": "en"}, timeout=30, allow_redirects=False)
    assert answer.headers["Location"].startswith(f"{city.url}/login")
    assert "I18N_LANGUAGE" not in answer.headers.get("Set-Cookie", "")


@pytest.fixture
def two_posts(city: City) -> str:
    """Somebody who works in two units."""
    person, agency = "records.district-bang-kapi", "/agencies/district-bang-kapi"
    admin = city.client("site-admin")
    held = [row for row in admin.get(f"{agency}/@appointments?b_size=1000").json()["items"] if row["person"] == person]
    if len(held) == 1:
        post = {"person": person, "unit": "district-bang-kapi.general", "function": "officer", "post_th": "เจ้าพนักงานธุรการ"}
        assert admin.post(f"{agency}/@appointments", json=post).status_code == 201
    return person


def test_choice_of_the_unit_to_act_in(open_as: OpenAs, two_posts: str, size: str) -> None:
    """Whoever holds posts in two units chooses; the choice outlives the page."""
    page = open_as(two_posts, size)
    page.goto("change-password")
    menu = "header > details.acting" if size == "pc" else "details.me"
    page.click(f"{menu} > summary")
    sound(page)
    other = page.locator(f"{menu} button[name=unit][aria-pressed=false]")
    chosen = other.get_attribute("value")
    other.click()
    page.click(f"{menu} > summary")
    expect(page.locator(f"{menu} button[name=unit][value='{chosen}']")).to_have_attribute("aria-pressed", "true")
