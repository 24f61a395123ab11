"""An agency above the originator changes the level of a letter that it may see (`domain.md` 2.4, E30)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.classification.conftest import BYSTANDER, OWNER, RECEIVER, SecretOffice

LOWER = {"secrecy": "confidential", "reason": "ข้อเท็จจริงเปิดเผยได้บางส่วน"}
RAISE = {"secrecy": "confidential", "reason": "เกี่ยวกับความมั่นคง"}
PAGE = {"Accept": "text/html"}


def stand_above(office: SecretOffice, superior: str) -> None:
    """Puts an agency above the originator in the chart; with none it stands at the top again."""
    answer = office.user("site-admin").patch(f"/agencies/{OWNER}", json={"parent_agency": superior})
    assert answer.status_code == 204, answer.text


@pytest.fixture(scope="module")
def superior(office: SecretOffice) -> Iterator[str]:
    """BYSTANDER stands above OWNER."""
    stand_above(office, BYSTANDER)
    try:
        yield BYSTANDER
    finally:
        stand_above(office, "")


@pytest.fixture
def head(office: SecretOffice, superior: str) -> Iterator[Any]:
    """A second head of the superior agency, cleared for the lower level only."""
    admin, at = office.user("site-admin"), f"/agencies/{superior}"
    post = {"person": f"chief.{superior}", "unit": superior, "function": "head", "post_th": "ผู้ช่วยผู้อำนวยการเขต"}
    made = admin.post(f"{at}/@appointments", json=post)
    assert made.status_code == 201, made.text
    clearance = office.clear("chief", "confidential", superior)
    try:
        yield office.user("chief", superior)
    finally:
        office.end(clearance, superior)
        assert admin.post(f"{at}/@end-appointment", json={"appointment": made.json()["id"]}).status_code == 200


def classified(user: Any, url: str) -> list[dict[str, Any]]:
    """The changes of level in a letter's movement."""
    return [step for step in user.get(f"{url}/@movement").json()["items"] if step["what"] == "classified"]


def told(user: Any, url: str) -> bool:
    """Whether the person has a notice about the letter's level."""
    items = user.get("/@notices?b_size=200").json()["items"]
    return any(one["kind"] == "classified" and one["delivery"]["letter"]["@id"] == url for one in items)


def test_the_superior_who_holds_the_letter_lowers_it_and_all_are_told(office: SecretOffice, superior: str) -> None:
    letter = office.sent("secret", RECEIVER, superior)
    above, owner, receiver = office.user("secret", superior), office.user("secret"), office.user("secret", RECEIVER)
    assert receiver.post(f"{letter.url}/@classify", json=LOWER).status_code == 403
    assert above.post(f"{letter.url}/@classify", json={"secrecy": "confidential"}).status_code == 400
    changed = above.post(f"{letter.url}/@classify", json=LOWER)
    assert (changed.status_code, changed.json()["secrecy"]) == (200, "confidential"), changed.text

    assert all(told(user, letter.url) for user in (above, owner, receiver))
    steps = classified(owner, letter.url)
    assert {(step["unit"], step["to_unit"]) for step in steps} == {(superior, None), (superior, RECEIVER), (superior, superior)}
    assert all(LOWER["reason"] in step["note"] and step["actor"]["id"] == f"secret.{superior}" for step in steps)
    line = office.book("secret-control")[-1]
    assert (line["remark"], line["action"]) == ("ปรับลดชั้นความลับ", "โดยสำนักงานเขตพระนคร")
    assert office.ask("SELECT person FROM audit WHERE uid = ? AND act = 'classify' AND outcome = 'done'", letter.uid) == [
        (f"secret.{superior}",)
    ]
    assert receiver.get(letter.url).json()["title"].endswith(letter.word)
    shown = office.user("secret", language="th").get(f"{letter.url}/@@movement", headers=PAGE).text
    assert shown.count(LOWER["reason"]) == 1  # one line for all who were told
    assert "secret → " not in shown
    assert f'href="{letter.url}"' in owner.get("/notices", headers=PAGE).text  # its sender has no delivery to open


def test_a_letter_that_did_not_come_to_the_superior_is_not_there(office: SecretOffice, superior: str) -> None:
    secret = office.sent("secret", RECEIVER)
    normal = office.user("registrar").post(f"/agencies/{OWNER}/letters", json={"title": "x", "kind": "internal"}).json()["@id"]
    for name in ("secret", "director", "registrar"):
        for url in (secret.url, normal):
            assert office.user(name, superior).post(f"{url}/@classify", json=RAISE).status_code == 404, (name, url)
            assert office.user(name, superior).get(f"{url}/@@classify", headers=PAGE).status_code == 404, (name, url)


def test_the_head_above_raises_to_the_level_of_the_own_clearance_only(office: SecretOffice, superior: str, head: Any) -> None:
    made = office.user("registrar").post(f"/agencies/{OWNER}/letters", json={"title": "เรื่องปกติ", "kind": "external"}).json()
    url, sent = made["@id"], {"recipients": [RECEIVER, superior]}
    deliveries = office.user("registrar").post(f"{url}/@dispatch", json=sent).json()["deliveries"]
    mine = next(one["@id"] for one in deliveries if one["unit"] == superior)
    for user in (
        office.user("director", superior),  # not cleared
        office.user("registrar", superior),  # no authority
        office.user("director", RECEIVER),  # not above
    ):
        assert user.post(f"{url}/@classify", json=RAISE).status_code == 403
        assert "@@classify" not in user.get(mine, headers=PAGE).text
    assert head.post(f"{url}/@classify", json={**RAISE, "secrecy": "secret"}).status_code == 403
    assert f"{mine}/@@classify" in head.get(mine, headers=PAGE).text
    form = office.user("chief", superior, language="th").get(f"{mine}/@@classify", headers=PAGE)
    assert "สำนักงานเขตดุสิต</li>" in form.text  # its sender is told as well
    assert form.url == f"{url}/@@classify"
    assert 'value="confidential"' in form.text
    assert 'value="secret"' not in form.text
    assert head.post(f"{url}/@classify", json=RAISE).status_code == 200
    assert office.user("registrar").get(url).status_code == 404
    assert told(office.user("secret"), url)
    assert {step["unit"] for step in classified(office.user("secret"), url)} == {superior}


def test_what_the_agency_below_received_is_not_the_superiors(office: SecretOffice, superior: str, head: Any) -> None:
    data = {"title": "จากภายนอก", "sender": "กรมการปกครอง", "sender_number": "มท 0301/77", "letter_date": "2026-02-01"}
    made = office.user("registrar").post(f"/agencies/{OWNER}/@receive", json=data).json()
    passed = office.user("registrar").post(f"{made['delivery']['@id']}/@forward", json={"units": [superior]})
    assert passed.status_code == 200, passed.text
    assert head.get(made["letter"]["@id"]).status_code == 200
    assert head.post(f"{made['letter']['@id']}/@classify", json=RAISE).status_code == 403


def test_who_stands_above_no_more_has_no_say(office: SecretOffice, superior: str) -> None:
    letter = office.sent("secret", RECEIVER, superior)
    stand_above(office, "")
    try:
        assert office.user("secret", superior).post(f"{letter.url}/@classify", json=LOWER).status_code == 403
    finally:
        stand_above(office, superior)
    assert office.user("secret", superior).post(f"{letter.url}/@classify", json=LOWER).status_code == 200
