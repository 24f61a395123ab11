"""A letter is corrected after dispatch: a new version with the reason, the old one stays (E09, E31; issue: corrections)."""

from __future__ import annotations

import base64
from typing import Any

from tests.routing.conftest import BYSTANDER, RECEIVER, Office


def upload(name: str, text: str) -> dict[str, str]:
    return {"filename": name, "encoding": "base64", "data": base64.b64encode(text.encode()).decode()}


def test_a_correction_is_a_new_version_that_all_see(office: Office, refused: Any) -> None:
    registrar = office.user("registrar")
    letter = office.draft(title="ขอเชิญประชุมวันศุกร์", body="ณ ห้องประชุม 1")
    file = registrar.post(letter, json={"@type": "Attachment", "file": upload("กำหนดการ.txt", "วาระที่หนึ่ง")}).json()
    deliveries = office.dispatch(letter, RECEIVER, BYSTANDER)["deliveries"]
    before = registrar.get(letter).json()
    change = {
        "reason": "วันประชุมผิด",
        "title": "ขอเชิญประชุมวันจันทร์",
        "files": [upload("กำหนดการใหม่.txt", "วาระที่สอง")],
        "remove": [file["@id"].rpartition("/")[2]],
    }
    made = registrar.post(f"{letter}/@correct", json=change)
    assert made.status_code == 200, made.text
    now = made.json()
    assert (now["version"], now["title"], now["number"]) == (2, "ขอเชิญประชุมวันจันทร์", before["number"])
    assert [one["file"]["filename"] for one in now["items"]] == ["กำหนดการใหม่.txt"]

    receiver = office.user("registrar", RECEIVER)
    assert receiver.get(letter).json()["title"] == "ขอเชิญประชุมวันจันทร์"
    assert receiver.get(deliveries[0]["@id"]).json()["letter"]["title"] == "ขอเชิญประชุมวันจันทร์"
    (old,) = receiver.get(f"{letter}/@versions").json()["items"]
    assert (old["version"], old["title"], old["body"], old["reason"]) == (1, before["title"], before["body"], "วันประชุมผิด")
    assert old["actor"]["id"] == registrar.user
    assert [one["sha256"] for one in old["items"]] == [file["sha256"]]
    assert receiver.get(old["items"][0]["file"]["download"]).content == "วาระที่หนึ่ง".encode()
    step = receiver.get(f"{letter}/@movement").json()["items"][-1]
    assert (step["what"], step["note"]) == ("corrected", "วันประชุมผิด")
    told = office.user("registrar", BYSTANDER).get("/@notices").json()["items"]
    assert ("corrected", deliveries[1]["@id"]) in {(one["kind"], one["delivery"]["@id"]) for one in told if one["delivery"]}
    for page in (f"{letter}/@@versions", deliveries[0]["@id"]):
        assert receiver.get(page, headers={"Accept": "text/html"}).status_code == 200
    assert "ขอเชิญประชุมวันศุกร์" in receiver.get(f"{letter}/@@versions", headers={"Accept": "text/html"}).text
    # The line of the register says what it said that day.
    assert any(line["subject"] == before["title"] for line in office.book("district-dusit", book="send", series="internal"))


def test_what_a_correction_refuses(office: Office, refused: Any) -> None:
    registrar = office.user("registrar")
    letter, _delivery = office.sent(title="เรื่องเดิม")
    refused(registrar.post(f"{letter}/@correct", json={"title": "เรื่องใหม่"}), 400, "ReasonRequired", "reason")
    refused(registrar.post(f"{letter}/@correct", json={"title": "เรื่องเดิม", "reason": "x"}), 400, "NothingCorrected")
    refused(registrar.post(f"{letter}/@correct", json={"title": "", "reason": "x"}), 400, "Invalid", "title")
    refused(registrar.post(f"{letter}/@correct", json={"remove": ["none"], "reason": "x"}), 400, "Invalid", "remove")
    refused(registrar.post(f"{office.draft()}/@correct", json={"title": "y", "reason": "x"}), 409, "NotDispatched")
    assert office.user("registrar", RECEIVER).post(f"{letter}/@correct", json={"title": "y", "reason": "x"}).status_code == 403
    assert office.user("registrar", BYSTANDER).post(f"{letter}/@correct", json={}).status_code == 404
    assert office.user("registrar", BYSTANDER).get(f"{letter}/@versions").status_code == 404
    assert registrar.get(letter).json()["version"] == 1


def test_the_form_of_a_correction(office: Office) -> None:
    registrar = office.user("registrar")
    letter, _delivery = office.sent(title="แก้ด้วยแบบ")
    page = {"Accept": "text/html"}
    form = registrar.get(f"{letter}/@@correct", headers=page)
    assert form.status_code == 200
    assert 'name="reason"' in form.text
    assert f"{letter}/@@correct" in registrar.get(letter, headers=page).text
    assert office.user("registrar", RECEIVER).get(f"{letter}/@@correct", headers=page).status_code == 403
