"""Letters that the page tests find on somebody's desk."""

from __future__ import annotations

import base64
from itertools import count
from typing import Any

from tests.conftest import City

SENDER = "district-phra-nakhon"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
_serial = count(1)


def draft(city: City, agency: str = SENDER, **fields: Any) -> str:
    """The address of a new draft of an agency's registrar."""
    data = {
        "@type": "Letter",
        "kind": "internal",
        "title": f"ขอเชิญประชุม ครั้งที่ {next(_serial)}",
        "to_text": "ผู้อำนวยการเขต",
        "body": "ด้วยสำนักงานเขตจะจัดประชุม จึงเรียนมาเพื่อโปรดทราบ",
        **fields,
    }
    answer = city.client(f"registrar.{agency}").post(f"/agencies/{agency}/letters", json=data)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["@id"])


def attach(city: City, letter: str, name: str, content: bytes, agency: str = SENDER) -> dict[str, Any]:
    """A file of a draft."""
    data = {"filename": name, "data": base64.b64encode(content).decode(), "encoding": "base64"}
    answer = city.client(f"registrar.{agency}").post(letter, json={"@type": "Attachment", "title": name, "file": data})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def dispatch(city: City, letter: str, *units: str, agency: str = SENDER) -> list[str]:
    """The addresses of the deliveries of a letter that is sent now."""
    answer = city.client(f"registrar.{agency}").post(f"{letter}/@dispatch", json={"recipients": list(units)})
    assert answer.status_code == 200, answer.text
    return [one["@id"] for one in answer.json()["deliveries"]]


def arrive(city: City, unit: str, number: int = 1, **fields: Any) -> list[str]:
    """So many arrivals on a unit's desk: the addresses of the deliveries."""
    return [dispatch(city, draft(city, **fields), unit)[0] for _ in range(number)]


def register(city: City, delivery: str, agency: str) -> int:
    """The receive number of a delivery that is registered now."""
    answer = city.client(f"registrar.{agency}").post(f"{delivery}/@register", json={})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["receive_number"])


def state_of(city: City, delivery: str, agency: str) -> str:
    """Where a delivery stands, without looking at it as a person does."""
    return str(city.client(f"registrar.{agency}").get(delivery).json()["state"])
