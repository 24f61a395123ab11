"""Registrars of secret information, and a word that must show nowhere."""

from __future__ import annotations

import base64
import secrets
import sqlite3
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.conftest import City

OWNER = "district-dusit"
RECEIVER = "permanent-secretary-secretariat"
BYSTANDER = "district-phra-nakhon"
UNREADY = "personnel"
"""An agency without a registrar of secret information."""


@dataclass
class Secret:
    """A secret letter, or a secret circular, whose every text holds the same word."""

    word: str
    url: str
    uid: str
    file: str
    attachment: str
    deliveries: list[str] = field(default_factory=list)

    @property
    def delivery(self) -> str:
        """The delivery to RECEIVER."""
        return self.deliveries[0]

    @property
    def addresses(self) -> list[str]:
        """Every address at which something of it stands."""
        return [one for one in (self.url, self.attachment, self.file, *self.deliveries) if one]


class SecretOffice:
    """What the registrars of secret information do, in one line each."""

    def __init__(self, city: City) -> None:
        self.city = city

    def user(self, name: str, agency: str = OWNER, language: str = "en") -> Any:
        """A person of the demo city: a function in an agency, or an account of its own."""
        alone = name in ("site-admin", "auditor")
        return self.city.client(name if alone else f"{name}.{agency}", language)

    def fields(self, word: str, level: str = "confidential", **more: Any) -> dict[str, Any]:
        """A letter all of whose texts hold the word."""
        return {
            "@type": "Letter",
            "kind": "external",
            "title": f"เรื่อง {word}",
            "body": f"<p>ด้วย {word}</p>",
            "to_text": f"ผู้อำนวยการ {word}",
            "salutation": f"เรียน {word}",
            "contact": f"โทร. {word}",
            "closing": f"ขอแสดงความนับถือ {word}",
            "references": [{"number": "1", "subject": word}],
            "enclosures": [{"title": word}],
            "copies_to": [{"name": word}],
            "secrecy": level,
            "secrecy_reason": f"เพราะ {word}",
            **more,
        }

    def draft(self, level: str = "confidential", agency: str = OWNER, circular: bool = False, **more: Any) -> Secret:
        """A draft with a file."""
        word = f"zqmark{secrets.token_hex(6)}"
        user, data = self.user("secret", agency), self.fields(word, level, **more)
        if circular:
            data = {**data, "@type": "Circular"}
            del data["kind"]
        made = user.post(f"/agencies/{agency}/{'circulars' if circular else 'letters'}", json=data)
        assert made.status_code == 201, made.text
        content = base64.b64encode(f"{word}\n".encode() * 100).decode()
        data = {"@type": "Attachment", "title": word, "file": {"filename": f"{word}.txt", "data": content}}
        attached = user.post(made.json()["@id"], json=data)
        assert attached.status_code == 201, attached.text
        answer = attached.json()
        return Secret(word, made.json()["@id"], made.json()["UID"], answer["file"]["download"], answer["@id"])

    def sent(self, level: str = "confidential", *recipients: str, **more: Any) -> Secret:
        """A letter that its registrar dispatched."""
        letter = self.draft(level, **more)
        answer = self.user("secret").post(f"{letter.url}/@dispatch", json={"recipients": list(recipients) or [RECEIVER]})
        assert answer.status_code == 200, answer.text
        letter.deliveries = [one["@id"] for one in answer.json()["deliveries"]]
        return letter

    def registered(self, level: str = "confidential", **more: Any) -> Secret:
        """A letter that its receiver registered."""
        letter = self.sent(level, **more)
        answer = self.user("secret", RECEIVER).post(f"{letter.delivery}/@register", json={})
        assert answer.status_code == 200, answer.text
        return letter

    def clear(self, person: str, level: str, agency: str) -> dict[str, Any]:
        """A clearance, by the head of the agency."""
        data = {"user": f"{person}.{agency}", "level": level, "order_number": "7/2569", "order_date": "2026-01-05"}
        answer = self.user("director", agency).post(f"/agencies/{agency}/@clearances", json=data)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def end(self, clearance: dict[str, Any], agency: str) -> None:
        """The end of a clearance."""
        answer = self.user("director", agency).post(f"/agencies/{agency}/@end-clearance", json={"id": clearance["id"]})
        assert answer.status_code == 200, answer.text

    def book(self, name: str, agency: str = OWNER, user: str = "secret", **query: Any) -> list[dict[str, Any]]:
        """The lines of a register book."""
        asked = {"book": name, "b_size": 1000, **query}
        answer = self.user(user, agency).get(f"/agencies/{agency}/@register-book", params=asked)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """The ledger itself."""
        with sqlite3.connect(f"file:{self.city.var}/database/main.sqlite3?mode=ro", uri=True) as connection:
            return connection.execute(statement, values).fetchall()


@pytest.fixture(scope="session")
def office(city: City) -> SecretOffice:
    """The office that the tests work in."""
    return SecretOffice(city)
