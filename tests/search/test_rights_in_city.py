"""Nothing else, in the whole system: whatever people get and lose, search shows and counts what they may open (E28, E34)."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.conftest import City, wait_until
from tests.search.conftest import Node

SENDERS = ("permanent-secretary-secretariat", "district-bang-rak")
RECEIVERS = ("district-pathum-wan", "district-sathon", "district-yan-nawa")
PEOPLE = (*(f"registrar.{agency}" for agency in (*SENDERS, *RECEIVERS)), f"officer.{RECEIVERS[0]}", "site-admin")
WORDS = ("กวกะทิสด", "ขนุนลอยแก้ว", "คลองผดุง")
KINDS = ("internal", "order", "announcement")
LETTERS = 8
STEPS = 10


@dataclass
class Sent:
    """A letter, with a word that stands in no other."""

    url: str
    token: str
    agency: str
    deliveries: dict[str, str] = field(default_factory=dict)
    """Address by receiving unit."""


class Town:
    """Random letters of two agencies, what is done with them, and who may open them."""

    def __init__(self, city: City, seed: int) -> None:
        self.city = city
        self.chance = random.Random(seed)
        self.mark = f"สุ่ม{seed:x}"
        self.letters: list[Sent] = []
        for at in range(LETTERS):
            sent = self.letter()
            if at % 4:
                self.dispatch(sent)

    def letter(self) -> Sent:
        """A draft."""
        agency = self.chance.choice(SENDERS)
        token = "".join(self.chance.choice("กขคงจชซดตถทธนบ") + self.chance.choice("าิีุู") for _ in range(7))
        data = {
            "@type": "Letter", "kind": self.chance.choice(KINDS), "owner_unit": agency,
            "title": f"{self.mark} {self.chance.choice(WORDS)} {token}",
            "body": f"<p>{self.mark} {self.chance.choice(WORDS)} เนื้อความ{token}</p>",
        }  # fmt: skip
        answer = self.city.client(f"registrar.{agency}").post(f"/agencies/{agency}/letters", json=data)
        assert answer.status_code == 201, answer.text
        sent = Sent(answer.json()["@id"], token, agency)
        self.letters.append(sent)
        return sent

    def dispatch(self, letter: Sent) -> None:
        """Sends it to one or two agencies, or a copy to more."""
        units = self.chance.sample(RECEIVERS, self.chance.randint(1, 2))
        verb = "@send-copy" if letter.deliveries else "@dispatch"
        user = self.city.client(f"registrar.{letter.agency}")
        answer = user.post(f"{letter.url}/{verb}", json={"recipients": units})
        if answer.status_code == 200:
            letter.deliveries |= {one["unit"]: one["@id"] for one in answer.json()["deliveries"]}

    def step(self) -> None:
        """Somebody is given a letter, or loses one; what the state refuses is refused."""
        letter = self.chance.choice(self.letters)
        owner = self.city.client(f"registrar.{letter.agency}")
        what = self.chance.choice(("send", "recall", "recall", "return", "register", "forward", "assign"))
        if what == "send":
            self.dispatch(letter)
        elif what == "recall":
            owner.post(f"{letter.url}/@recall", json={"reason": "ส่งผิด"})
        elif letter.deliveries:
            unit = self.chance.choice(list(letter.deliveries))
            data: dict[str, dict[str, Any]] = {
                "return": {"note": "ไม่ใช่ของเรา"}, "register": {},
                "forward": {"units": [f"{unit}.general"], "note": ""},
                "assign": {"users": [f"officer.{unit}"], "instruction": "ดำเนินการ"},
            }  # fmt: skip
            self.city.client(f"registrar.{unit}").post(f"{letter.deliveries[unit]}/@{what}", json=data[what])

    def may_open(self, person: str) -> dict[str, Sent]:
        """What the person may open, by address: the truth that search is held against."""
        return {one.url: one for one in self.letters if self.city.client(person).get(one.url).status_code == 200}

    def asked(self, person: str, **form: Any) -> dict[str, Any]:
        answer = self.city.client(person).get("/@find", params={"b_size": 100, "facets": "kind,unit,state,sender,year", **form})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def check(self, person: str) -> None:
        """Results, totals, facets, fragments and suggestions for one person are of what they may open."""
        mine = self.may_open(person)
        foreign = [one.token for one in self.letters if one.url not in mine]
        for form in (
            {"text": self.mark},
            {"text": self.chance.choice(WORDS)},
            {"text": self.mark, "op": "or", "kind": "order"},
        ):
            found = self.asked(person, **form)
            ours = [one["@id"] for one in found["items"] if one["@id"] in {letter.url for letter in self.letters}]
            assert set(ours) <= set(mine), (person, form)
            said = re.sub("</?mark>", "", str(found))
            assert not [token for token in foreign if token in said], (person, form)
            if form == {"text": self.mark}:
                assert found["items_total"] == len(ours)
                for name in ("kind", "state", "year"):
                    assert sum(one["count"] for one in found["facets"][name]) <= len(mine), (person, name)
                assert all(one["count"] <= len(mine) for one in found["facets"]["unit"])
        suggested = str(self.city.client(person).get("/@suggest", params={"text": self.mark}).json())
        live = self.city.client(person).get("/@@ajax-search", params={"SearchableText": self.mark}).text
        plone = self.city.client(person).get("/@search", params={"SearchableText": self.mark}).text
        assert not [token for token in foreign for text in (suggested, live, plone) if token in text], person
        # Asked for by the word that only this letter has, a foreign letter is not there at all.
        for token in foreign[:2]:
            assert self.asked(person, text=token).get("near") or not self.asked(person, text=token)["items_total"]

    def is_caught_up(self, person: str) -> bool:
        """Whether search shows all that the person may open, and nothing else."""
        found = self.asked(person, text=self.mark)
        return {one["@id"] for one in found["items"]} == set(self.may_open(person))


@pytest.fixture(scope="module")
def town(searching: tuple[City, Node]) -> Town:
    """Another one in each run; the seed stands in all titles, so that what failed can be made again."""
    return Town(searching[0], random.SystemRandom().randrange(1 << 30))


def test_whatever_people_get_and_lose(town: Town) -> None:
    for _ in range(STEPS):
        town.step()
        # At once, whether or not the worker has been here.
        for person in town.chance.sample(PEOPLE, 1):
            town.check(person)
    for person in PEOPLE:
        town.check(person)
    # Nothing else, and within the lag nothing less.
    for person in PEOPLE:
        wait_until(lambda person=person: town.is_caught_up(person), 10, f"for {person}")  # type: ignore[misc]


def test_who_moves_finds_nothing_of_the_old_unit(town: Town) -> None:  # E34
    city, agency, person = town.city, RECEIVERS[2], f"registrar.{RECEIVERS[2]}"
    letter = town.letter()
    sent = city.client(f"registrar.{letter.agency}").post(f"{letter.url}/@dispatch", json={"recipients": [agency]})
    assert sent.status_code == 200, sent.text
    wait_until(lambda: town.asked(person, text=letter.token)["items_total"] == 1, 10)
    admin, there = city.client("site-admin"), f"/agencies/{agency}"
    posts = admin.get(f"{there}/@appointments", params={"b_size": 1000}).json()["items"]
    post = next(one for one in posts if one["person"] == person)
    assert town.asked(person, text=town.mark)["items_total"] > 0

    def move(appointment: int, unit: str, function: str) -> int:
        data = {"appointment": appointment, "unit": unit, "function": function, "post_th": post["post_th"]}
        answer = admin.post(f"{there}/@move", json=data)
        assert answer.status_code in (200, 201), answer.text
        return int(answer.json()["id"])

    moved = move(post["id"], f"{agency}.registration", "officer")
    try:
        found = town.asked(person, text=town.mark)
        assert found["items_total"] == len(found["items"]) == len(town.may_open(person)) == 0
        assert not any(found["facets"].values())
        assert letter.token not in city.client(person).get("/@suggest", params={"text": letter.token}).text
    finally:
        move(moved, agency, "registrar")
    assert town.asked(person, text=town.mark)["items_total"] > 0
