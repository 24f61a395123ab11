"""Letters on their way through those who approve and sign them, in an agency whose desks no other test looks at."""

from __future__ import annotations

import base64
from itertools import count
from typing import Any

import pytest
from tests.conftest import City
from tests.routing.conftest import refused

__all__ = ["refused"]

AGENCY = "district-chatuchak"
RECEIVER = "district-lak-si"
STRANGER = "district-don-mueang"
HERE = f"/agencies/{AGENCY}"
FILE = {
    "@type": "Attachment",
    "title": "แผนที่",
    "file": {"filename": "แผนที่.txt", "encoding": "base64", "data": base64.b64encode("แผนที่".encode()).decode()},
}
_serial = count(1)


class SigningOffice:
    """What its people do, in one line each."""

    def __init__(self, city: City) -> None:
        self.city = city

    def user(self, name: str, agency: str = AGENCY, language: str = "en") -> Any:
        """A person of the demo city."""
        return self.city.client(f"{name}.{agency}" if agency else name, language)

    def id(self, name: str) -> str:
        """A person's id."""
        return f"{name}.{AGENCY}"

    def draft(self, by: str = "officer", **fields: Any) -> str:
        """A draft; the officer's lies in the general section."""
        data = {"@type": "Letter", "kind": "internal", "title": f"ขออนุมัติ {next(_serial)}", **fields}
        folder = "circulars" if data["@type"] == "Circular" else "letters"
        if folder == "circulars":
            del data["kind"]
        made = self.user(by).post(f"{HERE}/{folder}", json=data)
        assert made.status_code == 201, made.text
        return str(made.json()["@id"])

    def submit(self, letter: str, *signers: str, approvers: tuple[str, ...] = (), by: str = "officer") -> Any:
        """The answer to a submission."""
        people = {"signers": [self.id(one) for one in signers], "approvers": [self.id(one) for one in approvers]}
        return self.user(by).post(f"{letter}/@submit", json=people)

    def submitted(self, *signers: str, approvers: tuple[str, ...] = (), **fields: Any) -> str:
        """A letter that waits for its first one."""
        letter = self.draft(**fields)
        answer = self.submit(letter, *signers or ("director",), approvers=approvers)
        assert answer.status_code == 200, answer.text
        return letter

    def sign(self, letter: str, by: str = "director", **more: Any) -> Any:
        """The answer to a signature by a click."""
        return self.user(by).post(f"{letter}/@sign", json={"method": "click", **more})

    def signed(self, **fields: Any) -> str:
        """A letter that the director has signed."""
        letter = self.submitted(**fields)
        answer = self.sign(letter)
        assert answer.status_code == 200, answer.text
        return letter

    def back(self, letter: str, by: str = "director", note: str = "โปรดแก้ไขวรรคสอง") -> Any:
        """The answer to sending back."""
        return self.user(by).post(f"{letter}/@send-back", json={"note": note})

    def dispatch(self, letter: str) -> Any:
        """The answer to a dispatch."""
        return self.user("registrar").post(f"{letter}/@dispatch", json={"recipients": [RECEIVER]})

    def state(self, letter: str) -> str:
        """Where it stands."""
        return str(self.user("registrar").get(letter).json()["state"])

    def steps(self, letter: str, by: str = "registrar", agency: str = AGENCY) -> list[dict[str, Any]]:
        """Its movement."""
        return list(self.user(by, agency).get(f"{letter}/@movement").json()["items"])

    def signatures(
        self, letter: str, by: str = "registrar", agency: str = AGENCY, language: str = "en"
    ) -> list[dict[str, Any]]:
        """Who signed it."""
        return list(self.user(by, agency, language).get(f"{letter}/@signatures").json()["items"])

    def waiting(self, by: str, **query: Any) -> list[dict[str, Any]]:
        """A list of `@waiting`."""
        answer = self.user(by).get("/@waiting", params={"b_size": 1000, **query})
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    def notices(self, by: str, letter: str) -> list[str]:
        """The kinds of notices that a person has about a letter."""
        items = self.user(by).get("/@notices", params={"b_size": 1000}).json()["items"]
        return [one["kind"] for one in items if one["letter"] and one["letter"]["@id"] == letter]


@pytest.fixture(scope="session")
def office(city: City) -> SigningOffice:
    """The office that the tests work in."""
    return SigningOffice(city)
