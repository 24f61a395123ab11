"""The official layout of a letter (`domain.md` 1.1 and 1.2): the fields of its kind in the regulation's order.

The words on the paper are the regulation's own and always Thai, whatever language the page around it has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from saraban.classification.levels import WORDS
from saraban.ledger import clock
from saraban.letters import fields
from saraban.letters.browser.choices import signing_post
from saraban.letters.kinds import ALL_KINDS
from saraban.organisation import chart
from saraban.organisation.acting import person_name
from saraban.organisation.functions import agency_of
from saraban.thai import dates
from saraban.thai.digits import to_thai

MEMO = ("internal", "note")
URGENT = {"urgent": "ด่วน", "very-urgent": "ด่วนมาก", "most-urgent": "ด่วนที่สุด"}
HEADINGS = {
    "order": "คำสั่ง",
    "rule": "ระเบียบ",
    "bylaw": "ข้อบังคับ",
    "announcement": "ประกาศ",
    "communique": "แถลงการณ์",
    "news": "ข่าว",
}
"""Kinds that begin with their name and that of whoever issues them."""
BEFORE_TITLE = {"rule": "ว่าด้วย", "bylaw": "ว่าด้วย"}
BEFORE_DATE = {
    "order": "สั่ง ณ วันที่",
    "rule": "ประกาศ ณ วันที่",
    "bylaw": "ประกาศ ณ วันที่",
    "announcement": "ประกาศ ณ วันที่",
    "certificate": "ให้ไว้ ณ วันที่",
}
NO_EMBLEM = ("news", "minutes", "other")
_LATIN = re.compile(r"[A-Za-z@]")


def official_digits(text: str) -> str:
    """Thai digits, as on official papers; addresses of mail and web keep theirs."""
    return "".join(part if _LATIN.search(part) else to_thai(part) for part in re.split(r"(\s+)", text))


@dataclass(frozen=True)
class Paper:
    """A letter as it will be printed."""

    kind: str
    form: str
    """Which form of the regulation: `letter`, `memo`, `stamped`, `issued`, `plain`."""
    agency: str
    unit: str
    number: str
    day: str
    urgency: str
    secrecy: str
    """The mark at the top and bottom of every page."""
    title: str
    salutation: str
    to: str
    references: Sequence[str]
    enclosures: Sequence[str]
    markup: str
    """The text, where it is HTML: cleaned by the parser."""
    paragraphs: Sequence[str]
    closing: str
    signatory: str
    post: str
    contact: str
    copies: Sequence[str]

    @property
    def emblem(self) -> bool:
        """Whether the Garuda stands on it."""
        return self.kind not in NO_EMBLEM

    @property
    def heading(self) -> str:
        """คำสั่งสำนักงานเขตดุสิต."""
        return f"{HEADINGS[self.kind]}{self.agency}" if self.kind in HEADINGS else ""

    @property
    def before_title(self) -> str:
        """The word before the subject."""
        return BEFORE_TITLE.get(self.kind, "เรื่อง")

    @property
    def before_date(self) -> str:
        """The words before the date at the end of what is issued."""
        return BEFORE_DATE.get(self.kind, "")

    @property
    def year(self) -> str:
        """The Buddhist year of what is issued."""
        return to_thai(clock.buddhist_year())


def form_of(kind: str) -> str:
    """Which of the papers a kind is written on: `letter`, `memo`, `stamped`, `issued`, `plain`."""
    if kind in MEMO:
        return "memo"
    if kind in ("external", "circular"):
        return "letter"
    if kind == "stamped":
        return "stamped"
    return "issued" if kind in HEADINGS or kind == "certificate" else "plain"


def _reference(row: Mapping[str, Any]) -> str:
    number, subject, day = (str(row.get(name) or "") for name in ("number", "subject", "date"))
    said = [f"หนังสือ ที่ {number}" if number else "", f"เรื่อง {subject}" if subject else ""]
    if day:
        said.append(f"ลงวันที่ {dates.medium(date.fromisoformat(day))}")
    return official_digits(" ".join(filter(None, said)))


def _enclosure(row: Mapping[str, Any]) -> str:
    copies = row.get("copies") or 1
    return official_digits(f"{row.get('title') or ''} จำนวน {copies} ฉบับ")


def _number(values: Mapping[str, Any], agency: chart.UnitInfo | None) -> str:
    if values.get("number"):
        return to_thai(values["number"])
    pattern = ALL_KINDS[values["kind"]].number_pattern
    if not pattern.needs_code:
        return f"       /{to_thai(clock.buddhist_year())}"
    code = agency.letter_code if agency is not None else ""
    mark = WORDS.get(values.get("secrecy") or "")
    written = to_thai(pattern.write(code, "", clock.buddhist_year()).rstrip())
    return f"{f'{mark} ' if mark else ''}{written}" if code else ""


def paper_of(values: Mapping[str, Any]) -> Paper:
    """The paper of a letter's values, as the parser gives them; what is missing is left empty."""
    kind = values["kind"]
    owner = values.get("owner_unit") or ""
    agency, unit = chart.unit(agency_of(owner)), chart.unit(owner)
    signatory = values.get("signatory") or ""
    day = values.get("letter_date")
    post = signing_post(signatory, owner, day) if signatory else None
    body = values.get("body") or ""
    html = fields.is_html(body)
    return Paper(
        kind=kind,
        form=form_of(kind),
        agency=agency.title_th if agency else "",
        unit=unit.title_th if unit and unit.unit != unit.agency else "",
        number=_number(values, agency),
        day=dates.official(day) if day else "",
        urgency=URGENT.get(values.get("urgency") or "", ""),
        secrecy=WORDS.get(values.get("secrecy") or "", ""),
        title=official_digits(values.get("title") or ""),
        salutation=values.get("salutation") or "เรียน",
        to=official_digits(values.get("to_text") or ""),
        references=[_reference(row) for row in values.get("references") or ()],
        enclosures=[_enclosure(row) for row in values.get("enclosures") or ()],
        markup=body if html else "",
        paragraphs=[] if html else [official_digits(line) for line in body.splitlines() if line.strip()],
        closing=values.get("closing") or "",
        signatory=person_name(signatory) if signatory else "",
        post=post.title() if post else "",
        contact=official_digits(values.get("contact") or ""),
        copies=[official_digits(str(row.get("name") or "")) for row in values.get("copies_to") or ()],
    )
