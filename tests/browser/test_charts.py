"""The charts of a report: drawn by Chart.js from the figures and in the words of the tables beneath them (B8)."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.arrivals import arrive, register
from tests.browser.checks import sound
from tests.browser.conftest import SIZES, OpenAs
from tests.conftest import City, wait_until

from saraban.theme.preferences import DIGITS_COOKIE

OFFICE = "district-sathon"
HEAD = f"director.{OFFICE}"
PARTS = ("volume", "steps", "units", "backlog")
TABLE = """
(table) => {
  const words = (row) => [...row.cells].map((one) => one.textContent.trim());
  const [head, ...rows] = [...table.rows].map(words);
  return { heads: head, rows };
}
"""
CHART = """
(canvas) => {
  const { data, options } = Chart.getChart(canvas);
  const series = data.datasets.map(({ label, data, said }) => ({ label, data, said }));
  return { labels: data.labels, series, axis: options.indexAxis, pixels: canvas.getContext("2d").getImageData(
    0, 0, canvas.width, canvas.height).data.some((value) => value > 0) };
}
"""


@pytest.fixture(scope="module", autouse=True)
def closed(city: City) -> None:
    """A letter that came, was registered and closed, and two that lie open, once the worker counted them."""
    first, second, _third = (arrive(city, OFFICE)[0] for _ in range(3))
    time.sleep(1.1)  # times are told in whole seconds
    register(city, first, OFFICE)
    register(city, second, OFFICE)
    time.sleep(1.1)
    answer = city.client(f"registrar.{OFFICE}").post(f"{first}/@close", json={"result": "จบ"})
    assert answer.status_code == 200, answer.text
    wait_until(lambda: any(one["step"] == "closed" for one in told(city)["times"]), 60, "for the figures")


def told(city: City) -> dict[str, Any]:
    """The report of the office, as REST tells it."""
    return dict(city.client(HEAD).get(f"/agencies/{OFFICE}/@reports").json())


def opened(page: Page) -> list[str]:
    """Opens the report; gives what the browser complains of from then on."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("reports")
    return complaints


def drawn(page: Page, part: str) -> dict[str, Any]:
    """What the chart of a part shows."""
    canvas = page.locator(f"section[aria-labelledby={part}-heading] canvas")
    expect(canvas).to_be_visible()
    return dict(canvas.evaluate(CHART))


def table(page: Page, part: str) -> dict[str, Any]:
    """What the table of a part says."""
    return dict(page.locator(f"section[aria-labelledby={part}-heading] table").evaluate(TABLE))


def column(said: dict[str, Any], head: str) -> list[str]:
    """The words of a column."""
    return [row[said["heads"].index(head)] for row in said["rows"]]


def test_charts_show_what_their_tables_say(open_as: OpenAs, city: City, size: str) -> None:
    page = open_as(HEAD, size)
    complaints = opened(page)
    charts = {part: drawn(page, part) for part in PARTS}
    tables = {part: table(page, part) for part in PARTS}
    assert all(one["pixels"] for one in charts.values())
    months = charts["volume"]
    assert months["labels"] == [row[0] for row in tables["volume"]["rows"][:-1]]
    assert all(re.fullmatch(r"\S+\.\S+\.?[ ]\d\d", one) for one in months["labels"])  # ม.ค. 69
    assert [one["label"] for one in months["series"]] == ["หนังสือเข้า", "ปิดเรื่องแล้ว"]
    for one in months["series"]:
        words = column(tables["volume"], one["label"])[:-1]
        assert one["said"] == words
        assert one["data"] == [int(word.replace(",", "")) for word in words]
    for part in ("steps", "units"):
        chart = charts[part]
        assert chart["labels"] == [row[0] for row in tables[part]["rows"] if row[-1]]
        assert len(chart["series"]) == 2
        for one in chart["series"]:
            assert one["said"] == [word for word in column(tables[part], one["label"]) if word]
            assert all(isinstance(value, int) for value in one["data"])
    (left,) = charts["backlog"]["series"]
    assert charts["backlog"]["labels"] == tables["backlog"]["heads"][3:]
    assert left["said"] == tables["backlog"]["rows"][-1][3:]
    assert sum(left["data"]) == int(tables["backlog"]["rows"][-1][1]) >= 2
    times = told(city)["times"]
    assert [one["data"] for one in charts["steps"]["series"]] == [[one[name] for one in times] for name in ("median", "p90")]
    for canvas in page.locator("canvas").all():
        assert canvas.get_attribute("role") == "img"
        assert (canvas.get_attribute("aria-label") or "").startswith("แผนภูมิ")
    sound(page)
    assert not complaints


def test_bars_lie_on_a_phone_and_stand_where_there_is_room(open_as: OpenAs) -> None:
    page = open_as(HEAD, "pc")
    opened(page)
    assert drawn(page, "volume")["axis"] == "x"
    page.set_viewport_size(SIZES["phone"]["viewport"])
    wait_until(lambda: drawn(page, "volume")["axis"] == "y", 10, "for the bars to lie down")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert drawn(page, "steps")["axis"] == "y"


def test_a_chart_has_the_digits_of_its_reader(open_as: OpenAs, city: City) -> None:
    page = open_as(HEAD)
    page.context.add_cookies([{"name": DIGITS_COOKIE, "value": "thai", "url": city.url}])
    opened(page)
    for part in PARTS:
        chart = drawn(page, part)
        words = "".join([*chart["labels"], *(word for one in chart["series"] for word in (one["label"], *one["said"]))])
        assert not re.search("[0-9]", words), words
        assert re.search("[๐-๙]", words), words


def test_without_a_script_the_tables_stand_alone(open_as: OpenAs, size: str) -> None:
    page = open_as(HEAD, size)
    page.route("**/chartjs/*", lambda route: route.abort())
    page.goto("reports")
    expect(page.locator(".chart")).to_have_count(0)
    page.unroute("**/chartjs/*")
    page.route("**/*.mjs", lambda route: route.abort())
    page.goto("reports")
    expect(page.locator(".report table")).to_have_count(len(PARTS))
    expect(page.locator(".chart")).to_have_count(0)
    sound(page)


def test_charts_are_printed(open_as: OpenAs, tmp_path: Path) -> None:
    page = open_as(HEAD)
    opened(page)
    canvas = page.locator("canvas").first
    expect(canvas).to_be_visible()
    canvas.hover()
    paper = tmp_path / "report.pdf"
    page.pdf(path=paper, prefer_css_page_size=True)
    about = subprocess.run(["pdfinfo", paper], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Page size: +841\.\d+ x 59[45]\.\d+ pts", about), about
    shown = subprocess.run(["pdftoppm", "-r", "60", paper], capture_output=True, check=True).stdout
    green = bytes.fromhex(page.evaluate("getComputedStyle(document.body).getPropertyValue('--green-dark')").strip(" #"))
    assert shown.count(green) > 5000  # the dark bars, and nothing else on the paper
