"""Who may do what, in every state: the tables of `api.md`, written out as the statuses that are answered.

A verb that is refused changes nothing, so all refusals of a table are asked of one document, several people at once; a verb
that succeeds gets a document of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from tests.conftest import City, Client
from tests.routing.conftest import BYSTANDER, RECEIVER, SENDER, Office

GENERAL = f"{SENDER}.general"
LATER = "2035-01-01"
FILE = {"@type": "Attachment", "title": "x", "file": {"filename": "x.txt", "encoding": "base64", "data": "aGVsbG8="}}
TUS = {"Tus-Resumable": "1.0.0", "Upload-Length": "5", "Upload-Metadata": "filename YS50eHQ="}
PERSONS = {
    "registrar": f"registrar.{SENDER}",
    "officer": f"officer.{SENDER}",
    "chief": f"chief.{SENDER}",
    "director": f"director.{SENDER}",
    "records": f"records.{SENDER}",
    "registration": f"registration.{SENDER}",
    "secret": f"secret.{SENDER}",
    "site-admin": "site-admin",
    "auditor": "auditor",
    "receiver": f"registrar.{RECEIVER}",
    "stranger": f"registrar.{BYSTANDER}",
    "nobody": None,
}
Call = tuple[str, str, Any]
ON_LETTER: dict[str, Call] = {
    "read": ("GET", "", None),
    "movement": ("GET", "/@movement", None),
    "deliveries": ("GET", "/@deliveries", None),
    "edit": ("PATCH", "", {"category": "x"}),
    "attach": ("POST", "", FILE),
    "upload": ("POST", "/@tus-upload", None),
    "delete": ("DELETE", "", None),
    "dispatch": ("POST", "/@dispatch", {"recipients": [RECEIVER]}),
    "send-copy": ("POST", "/@send-copy", {"recipients": [BYSTANDER]}),
    "recall": ("POST", "/@recall", {"reason": "x"}),
    "cancel": ("POST", "/@cancel", {"reason": "x"}),
    "submit": ("POST", "/@submit", {"signers": [f"director.{SENDER}"]}),
    "sign": ("POST", "/@sign", {"method": "click"}),
    "send-back": ("POST", "/@send-back", {"note": "x"}),
    "signatures": ("GET", "/@signatures", None),
}
ON_DELIVERY: dict[str, Call] = {
    "read": ("GET", "", None),
    "open": ("POST", "/@open", {}),
    "register": ("POST", "/@register", {}),
    "return": ("POST", "/@return", {"note": "x"}),
    "forward": ("POST", "/@forward", {"units": [BYSTANDER], "note": "x"}),
    "assign": ("POST", "/@assign", {"users": [f"officer.{SENDER}"], "instruction": "x"}),
    "order": ("POST", "/@order", {"text": "x"}),
    "postpone": ("POST", "/@postpone", {"due_date": LATER, "reason": "x"}),
    "follow-up": ("POST", "/@follow-up", {"on": True}),
    "close": ("POST", "/@close", {"result": "x"}),
    "reopen": ("POST", "/@reopen", {"reason": "x"}),
}

# A letter that the officer drafted in `<agency>.general`; `receiver` is the registrar of the agency that it goes to.
LETTER = {
    "draft": """
                registrar officer chief director records registration secret site-admin auditor receiver stranger nobody
    read        200       200     200   200      404     404          404    200        404     404      404      401
    movement    200       200     200   200      404     404          404    200        404     404      404      401
    deliveries  200       200     200   200      404     404          404    403        404     404      404      401
    edit        204       204     204   204      404     404          404    403        404     404      404      401
    attach      201       201     201   201      404     404          404    403        404     404      404      401
    upload      201       201     201   201      404     404          404    403        404     404      404      401
    delete      204       204     204   204      404     404          404    403        404     404      404      401
    dispatch    200       403     403   403      404     404          404    403        404     404      404      401
    send-copy   409       403     403   403      404     404          404    403        404     404      404      401
    recall      409       403     403   403      404     404          404    403        404     404      404      401
    cancel      409       403     403   403      404     404          404    403        404     404      404      401
    submit      200       200     200   200      404     404          404    403        404     404      404      401
    sign        403       403     409   409      404     404          404    403        404     404      404      401
    send-back   409       409     409   409      404     404          404    403        404     404      404      401
    signatures  200       200     200   200      404     404          404    200        404     404      404      401
    """,
    "pending": """
                registrar officer chief director records registration secret site-admin auditor receiver stranger nobody
    read        200       200     200   200      404     404          404    200        404     404      404      401
    edit        409       409     409   409      404     404          404    403        404     404      404      401
    attach      409       409     409   409      404     404          404    403        404     404      404      401
    upload      409       409     409   409      404     404          404    403        404     404      404      401
    delete      409       409     409   409      404     404          404    403        404     404      404      401
    dispatch    409       403     403   403      404     404          404    403        404     404      404      401
    cancel      409       403     403   403      404     404          404    403        404     404      404      401
    submit      409       409     409   409      404     404          404    403        404     404      404      401
    sign        403       403     403   200      404     404          404    403        404     404      404      401
    send-back   200       200     403   200      404     404          404    403        404     404      404      401
    signatures  200       200     200   200      404     404          404    200        404     404      404      401
    """,
    "signed": """
                registrar officer chief director records registration secret site-admin auditor receiver stranger nobody
    read        200       200     200   200      404     404          404    200        404     404      404      401
    edit        409       409     409   409      404     404          404    403        404     404      404      401
    attach      409       409     409   409      404     404          404    403        404     404      404      401
    upload      409       409     409   409      404     404          404    403        404     404      404      401
    delete      409       409     409   409      404     404          404    403        404     404      404      401
    dispatch    200       403     403   403      404     404          404    403        404     404      404      401
    recall      409       403     403   403      404     404          404    403        404     404      404      401
    submit      409       409     409   409      404     404          404    403        404     404      404      401
    sign        403       403     409   409      404     404          404    403        404     404      404      401
    send-back   200       200     403   200      404     404          404    403        404     404      404      401
    signatures  200       200     200   200      404     404          404    200        404     404      404      401
    """,
    "dispatched": """
                registrar officer chief director records registration secret site-admin auditor receiver stranger nobody
    read        200       200     200   200      404     404          404    200        404     200      404      401
    movement    200       200     200   200      404     404          404    200        404     200      404      401
    deliveries  200       200     200   200      404     404          404    403        404     403      404      401
    edit        409       409     409   409      404     404          404    403        404     403      404      401
    attach      409       409     409   409      404     404          404    403        404     403      404      401
    upload      409       409     409   409      404     404          404    403        404     403      404      401
    delete      409       409     409   409      404     404          404    403        404     403      404      401
    dispatch    409       403     403   403      404     404          404    403        404     403      404      401
    send-copy   200       403     403   403      404     404          404    403        404     403      404      401
    recall      200       403     403   403      404     404          404    403        404     403      404      401
    cancel      200       403     403   403      404     404          404    403        404     403      404      401
    submit      409       409     409   409      404     404          404    403        404     403      404      401
    sign        403       403     409   409      404     404          404    403        404     403      404      401
    send-back   409       409     409   409      404     404          404    403        404     403      404      401
    signatures  200       200     200   200      404     404          404    200        404     200      404      401
    """,
    "registered": """
                registrar officer chief director receiver stranger
    dispatch    409       403     403   403      403      404
    recall      409       403     403   403      403      404
    cancel      200       403     403   403      403      404
    """,
    "cancelled": """
                registrar officer chief director records registration secret site-admin auditor receiver stranger nobody
    read        200       200     200   200      404     404          404    200        404     404      404      401
    edit        409       409     409   409      404     404          404    403        404     404      404      401
    attach      409       409     409   409      404     404          404    403        404     404      404      401
    delete      409       409     409   409      404     404          404    403        404     404      404      401
    dispatch    409       403     403   403      404     404          404    403        404     404      404      401
    send-copy   409       403     403   403      404     404          404    403        404     404      404      401
    recall      409       403     403   403      404     404          404    403        404     404      404      401
    cancel      409       403     403   403      404     404          404    403        404     404      404      401
    """,
}

# A letter of RECEIVER's at the central registry of the agency; from `registered` on it is assigned to the officer.
DELIVERY = {
    "sent": """
                registrar officer chief director records registration secret site-admin auditor receiver stranger nobody
    read        200       404     404   200      404     404          404    404        404     404      404      401
    open        200       404     404   200      404     404          404    404        404     404      404      401
    register    200       404     404   403      404     404          404    404        404     404      404      401
    return      200       404     404   403      404     404          404    404        404     404      404      401
    forward     409       404     404   403      404     404          404    404        404     404      404      401
    assign      409       404     404   409      404     404          404    404        404     404      404      401
    order       403       404     404   409      404     404          404    404        404     404      404      401
    postpone    409       404     404   409      404     404          404    404        404     404      404      401
    follow-up   200       404     404   403      404     404          404    404        404     404      404      401
    close       409       404     404   403      404     404          404    404        404     404      404      401
    reopen      409       404     404   403      404     404          404    404        404     404      404      401
    """,
    "opened": """
                registrar officer director
    read        200       404     200
    open        200       404     200
    register    200       404     403
    return      200       404     403
    forward     409       404     403
    assign      409       404     409
    order       403       404     409
    close       409       404     403
    """,
    "registered": """
                registrar officer chief director records registration secret site-admin auditor receiver stranger nobody
    read        200       200     404   200      404     404          404    404        404     404      404      401
    open        200       200     404   200      404     404          404    404        404     404      404      401
    register    409       403     404   403      404     404          404    404        404     404      404      401
    return      409       403     404   403      404     404          404    404        404     404      404      401
    forward     200       403     404   403      404     404          404    404        404     404      404      401
    assign      200       403     404   200      404     404          404    404        404     404      404      401
    order       403       403     404   200      404     404          404    404        404     404      404      401
    postpone    200       200     404   200      404     404          404    404        404     404      404      401
    follow-up   200       403     404   403      404     404          404    404        404     404      404      401
    close       200       200     404   403      404     404          404    404        404     404      404      401
    reopen      409       403     404   403      404     404          404    404        404     404      404      401
    """,
    "closed": """
                registrar officer chief director records registration secret site-admin auditor receiver stranger nobody
    read        200       200     404   200      404     404          404    404        404     404      404      401
    open        200       200     404   200      404     404          404    404        404     404      404      401
    register    409       403     404   403      404     404          404    404        404     404      404      401
    return      409       403     404   403      404     404          404    404        404     404      404      401
    forward     409       403     404   403      404     404          404    404        404     404      404      401
    assign      409       403     404   409      404     404          404    404        404     404      404      401
    order       403       403     404   409      404     404          404    404        404     404      404      401
    postpone    409       409     404   409      404     404          404    404        404     404      404      401
    follow-up   409       403     404   403      404     404          404    404        404     404      404      401
    close       409       409     404   403      404     404          404    404        404     404      404      401
    reopen      200       403     404   403      404     404          404    404        404     404      404      401
    """,
    "returned": """
                registrar officer chief director records registration secret site-admin auditor receiver stranger nobody
    read        200       404     404   200      404     404          404    404        404     404      404      401
    open        409       404     404   409      404     404          404    404        404     404      404      401
    register    409       404     404   403      404     404          404    404        404     404      404      401
    return      409       404     404   403      404     404          404    404        404     404      404      401
    forward     409       404     404   403      404     404          404    404        404     404      404      401
    assign      409       404     404   409      404     404          404    404        404     404      404      401
    order       403       404     404   409      404     404          404    404        404     404      404      401
    postpone    409       404     404   409      404     404          404    404        404     404      404      401
    follow-up   409       404     404   403      404     404          404    404        404     404      404      401
    close       409       404     404   403      404     404          404    404        404     404      404      401
    reopen      409       404     404   403      404     404          404    404        404     404      404      401
    """,
    "recalled": """
                registrar officer chief director records registration secret site-admin auditor receiver stranger nobody
    read        404       404     404   404      404     404          404    404        404     404      404      401
    open        404       404     404   404      404     404          404    404        404     404      404      401
    register    404       404     404   404      404     404          404    404        404     404      404      401
    return      404       404     404   404      404     404          404    404        404     404      404      401
    order       404       404     404   404      404     404          404    404        404     404      404      401
    close       404       404     404   404      404     404          404    404        404     404      404      401
    """,
}

# A letter to `<agency>.general`: the officer is that unit's registrar, the chief its head; the agency's own desk looks on.
UNIT_DELIVERY = {
    "sent": """
                registrar officer chief director records secret stranger
    read        200       200     200   200      404     404    404
    open        403       200     200   403      404     404    404
    register    403       200     403   403      404     404    404
    return      403       200     403   403      404     404    404
    order       403       403     409   403      404     404    404
    """,
    "registered": """
                registrar officer chief director records secret stranger
    forward     403       200     403   403      404     404    404
    assign      403       200     200   403      404     404    404
    order       403       403     200   403      404     404    404
    postpone    403       200     200   403      404     404    404
    follow-up   403       200     403   403      404     404    404
    close       403       200     403   403      404     404    404
    """,
}
_serial = count(1)


def cells(table: str) -> Iterator[tuple[str, str, int]]:
    """Verb, person and status of each cell."""
    head, *rows = [line.split() for line in table.strip().splitlines()]
    for verb, *statuses in rows:
        assert len(statuses) == len(head), verb
        yield from ((verb, person, int(status)) for person, status in zip(head, statuses, strict=True))


class Asked:
    """Asks the city as many people at once."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.made: dict[str | None, Client] = {}

    def status(self, address: str, call: Call, person: str) -> int:
        """What is answered."""
        method, path, data = call
        headers = TUS if path == "/@tus-upload" else None
        user = PERSONS[person]
        client = self.made.setdefault(user, Client(self.city.url, user))
        answer = client.request(method, f"{address}{path}", json=data, headers=headers)
        return int(answer.status_code)

    def differences(self, table: str, calls: dict[str, Call], make: Callable[[], str]) -> list[str]:
        """Each cell that is not so."""
        found = list(cells(table))
        shared = make()
        refused = [cell for cell in found if cell[2] >= 400 or calls[cell[0]][0] == "GET"]
        by_person = {person: [cell for cell in refused if cell[1] == person] for _verb, person, _status in refused}

        def of_person(mine: list[tuple[str, str, int]]) -> list[tuple[tuple[str, str, int], int]]:
            return [(cell, self.status(shared, calls[cell[0]], cell[1])) for cell in mine]

        with ThreadPoolExecutor(4) as pool:
            said = [one for ones in pool.map(of_person, by_person.values()) for one in ones]
        said += [(cell, self.status(make(), calls[cell[0]], cell[1])) for cell in found if cell not in refused]
        return [f"{verb} by {person}: {status}, not {wanted}" for (verb, person, wanted), status in said if status != wanted]


@pytest.fixture(scope="module")
def asked(city: City) -> Asked:
    """People at their machines."""
    return Asked(city)


def expect(office: Office, user: str, address: str, data: Any) -> Any:
    answer = office.city.client(PERSONS[user]).post(address, json=data)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def letter_in(office: Office, state: str) -> str:
    data = {"@type": "Letter", "title": f"ตาราง {next(_serial)}"}
    letter = str(expect(office, "officer", f"/agencies/{SENDER}/letters", data)["@id"])
    if state in ("pending", "signed"):
        expect(office, "officer", f"{letter}/@submit", {"signers": [PERSONS["director"]]})
        if state == "signed":
            expect(office, "director", f"{letter}/@sign", {"method": "click"})
    elif state != "draft":
        (delivery,) = expect(office, "registrar", f"{letter}/@dispatch", {"recipients": [RECEIVER]})["deliveries"]
        if state == "registered":
            expect(office, "receiver", f"{delivery['@id']}/@register", {})
        if state == "cancelled":
            expect(office, "registrar", f"{letter}/@cancel", {"reason": "x"})
    return letter


def delivery_in(office: Office, state: str, unit: str = SENDER) -> str:
    data = {"@type": "Letter", "title": f"ตาราง {next(_serial)}"}
    letter = str(expect(office, "receiver", f"/agencies/{RECEIVER}/letters", data)["@id"])
    delivery = str(expect(office, "receiver", f"{letter}/@dispatch", {"recipients": [unit]})["deliveries"][0]["@id"])
    registrar = "registrar" if unit == SENDER else "officer"
    if state == "recalled":
        expect(office, "receiver", f"{letter}/@recall", {"reason": "x"})
    elif state == "returned":
        expect(office, registrar, f"{delivery}/@return", {"note": "x"})
    elif state == "opened":
        expect(office, registrar, f"{delivery}/@open", {})
    elif state in ("registered", "closed"):
        expect(office, registrar, f"{delivery}/@register", {})
        if unit == SENDER:
            expect(office, registrar, f"{delivery}/@assign", {"users": [PERSONS["officer"]], "instruction": "x"})
        if state == "closed":
            expect(office, registrar, f"{delivery}/@close", {"result": "x"})
    return delivery


@pytest.mark.parametrize("state", LETTER)
def test_a_letter(office: Office, asked: Asked, state: str) -> None:
    assert asked.differences(LETTER[state], ON_LETTER, lambda: letter_in(office, state)) == []


@pytest.mark.parametrize("state", DELIVERY)
def test_a_delivery(office: Office, asked: Asked, state: str) -> None:
    assert asked.differences(DELIVERY[state], ON_DELIVERY, lambda: delivery_in(office, state)) == []


@pytest.mark.parametrize("state", UNIT_DELIVERY)
def test_a_delivery_to_a_unit(office: Office, asked: Asked, state: str) -> None:
    assert asked.differences(UNIT_DELIVERY[state], ON_DELIVERY, lambda: delivery_in(office, state, GENERAL)) == []


ON_AGENCY: dict[str, Call] = {
    "draft": ("POST", "/letters", {"@type": "Letter", "title": "x"}),
    "circular": ("POST", "/circulars", {"@type": "Circular", "title": "x"}),
    "receive": ("POST", "/@receive", {"title": "x", "sender": "x"}),
    "reserve": ("POST", "/@reserve-number", {"series": "minutes", "purpose": "x"}),
    "cancel-number": ("POST", "/@cancel-number", {"number": "nothing", "reason": "x"}),
    "desk": ("GET", "/@deliveries", None),
    "own-desk": ("GET", f"/@deliveries?unit={SENDER}", None),
    "unit-desk": ("GET", f"/@deliveries?unit={GENERAL}", None),
    "send-book": ("GET", "/@register-book?book=send", None),
    "unit-book": ("GET", f"/@register-book?book=receive&unit={GENERAL}", None),
    "secret-book": ("GET", "/@register-book?book=secret-control", None),
    "appointments": ("GET", "/@appointments", None),
    "appoint": ("POST", "/@appointments", {}),
    "clearances": ("GET", "/@clearances", None),
    "clear": ("POST", "/@clearances", {}),
    "import-units": ("POST", "/@import-units", {}),
}
# The auditor sees the agencies, their people and who is cleared, and nothing that they write.
AGENCY = """
                 registrar officer chief director records registration secret site-admin auditor stranger nobody
    draft        201       201     201   201      201     201          201    403        403     404      401
    circular     201       201     201   201      201     201          201    403        403     404      401
    receive      201       403     403   403      403     403          403    403        403     404      401
    reserve      200       403     403   403      403     403          403    403        403     404      401
    desk         200       200     200   200      403     403          200    403        403     404      401
    own-desk     200       403     403   200      403     403          200    403        403     404      401
    unit-desk    403       200     200   403      403     403          403    403        403     404      401
    send-book    200       403     403   200      403     403          403    403        403     404      401
    unit-book    403       200     200   403      403     403          403    403        403     404      401
    secret-book  403       403     403   403      403     403          200    403        403     404      401
    appointments 403       403     403   403      403     403          403    200        403     404      401
    appoint      403       403     403   403      403     403          403    400        403     404      401
    clearances   403       403     403   200      403     403          200    403        200     404      401
    clear        403       403     403   400      403     403          403    403        403     404      401
    import-units 403       403     403   403      403     403          403    400        403     404      401
"""


def test_an_agency(asked: Asked) -> None:
    assert asked.differences(AGENCY, ON_AGENCY, lambda: f"/agencies/{SENDER}") == []
