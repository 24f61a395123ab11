"""Solr killed again and again under load (B5, P4): saves neither fail nor wait, searches answer, afterwards all is equal.

Some kills meet a Solr that works, some one that reads its log again, some one that hangs: takes connections and does not
answer.
"""

from __future__ import annotations

import random
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

import requests
from tests.conftest import City, Client, run, wait_until
from tests.search.conftest import Node

from saraban.search import comparing
from saraban.search.client import Solr

SENDER, RECEIVER = "permanent-secretary-secretariat", "district-dusit"
KILLS = 10
HANGS = (3, 7)
"""Rounds in which Solr hangs before it is killed."""
SECONDS = 5.0
"""No save takes longer on whatever machine; a save that waited for a Solr that hangs would."""
WORD = "ขอความร่วมมือสำรวจท่อระบายน้ำริมทางเท้า"


@dataclass
class Said:
    """An answer to one request."""

    what: str
    status: int
    seconds: float
    engine: str = ""


@dataclass
class Load:
    """People who write letters and look for them, until told to stop."""

    city: City
    stop: threading.Event = field(default_factory=threading.Event)
    said: list[Said] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def write(self, chance: random.Random) -> None:
        """Drafts and dispatches letters, each with the word."""
        user = Client(self.city.url, f"registrar.{SENDER}")
        while not self.stop.is_set():
            data = {"@type": "Letter", "kind": "internal", "owner_unit": SENDER, "title": f"{WORD} {chance.random()}"}
            made = self._timed("create", partial(user.post, f"/agencies/{SENDER}/letters", json=data))
            if made.status_code == 201:
                letter = made.json()["@id"]
                self.letters.append(letter.rpartition("/")[2])
                self._timed("dispatch", partial(user.post, f"{letter}/@dispatch", json={"recipients": [RECEIVER]}))

    def look(self) -> None:
        """Looks for the word."""
        user = Client(self.city.url, f"registrar.{RECEIVER}")
        while not self.stop.is_set():
            self._timed("find", partial(user.get, "/@find", params={"text": WORD, "b_size": "5"}))
            self.stop.wait(0.05)

    def _timed(self, what: str, ask: Callable[[], requests.Response]) -> requests.Response:
        began = time.monotonic()
        answer = ask()
        engine = answer.json().get("engine", "") if what == "find" and answer.status_code == 200 else ""
        self.said.append(Said(what, answer.status_code, time.monotonic() - began, engine))
        if answer.status_code >= 400:
            self.troubles.append(f"{what}: {answer.status_code} {answer.text[:300]}")
        return answer

    def since(self, number: int, engine: str) -> bool:
        """Whether after so many answers the engine answered a search, and a letter was saved."""
        later = self.said[number:]
        return any(one.engine == engine for one in later) and any(one.what == "dispatch" for one in later)


def waiting(city: City) -> int:
    """How many changes wait for the index, failed ones among them."""
    with closing(sqlite3.connect(f"file:{city.var}/database/main.sqlite3?mode=ro", uri=True)) as database:
        return int(database.execute("select count(*) from outbox where kind = 'solr'").fetchone()[0])


def test_killed_ten_times_under_load(searching: tuple[City, Node], record_property: Callable[[str, object], None]) -> None:
    city, node = searching
    chance = random.Random(5)
    load = Load(city)
    threads = [threading.Thread(target=load.write, args=(random.Random(n),)) for n in range(2)]
    threads.append(threading.Thread(target=load.look))
    for thread in threads:
        thread.start()
    try:
        wait_until(lambda: load.since(0, "solr"), 30, "for letters and searches")
        for number in range(KILLS):
            before = len(load.said)
            if number in HANGS:
                node.signal(signal.SIGSTOP)
                time.sleep(2.5)
            node.kill()
            wait_until(partial(load.since, before, "catalog"), 20, "for letters and searches without Solr")
            node.start(wait=number % 2 == 1)
            # Into its work, or into its start.
            time.sleep(chance.uniform(0.2, 1.0) if number % 2 else chance.uniform(1.0, 3.0))
        if not Solr(node.url, "saraban").answers():
            node.start()
        back = time.monotonic()
    finally:
        load.stop.set()
        for thread in threads:
            thread.join(60)
    caught_up = wait_until(lambda: waiting(city) == 0 and time.monotonic() - back, 60, "for the index to catch up")
    record_property("seconds to catch up", caught_up)

    saves = [one for one in load.said if one.what != "find"]
    record_property("slowest save in seconds", max(one.seconds for one in saves))
    assert load.troubles == []
    assert max(one.seconds for one in saves) < SECONDS
    assert {one.status for one in saves} <= {200, 201}
    assert {one.engine for one in load.said if one.what == "find"} == {"solr", "catalog"}
    found = city.client(f"registrar.{SENDER}").get("/@find", params={"text": f'"{WORD}"', "b_size": "1"}).json()
    assert found["engine"] == "solr"
    assert found["items_total"] == len(set(load.letters)) == len(load.letters)  # none lost, none double
    compared = run(city, "saraban", "check", "--only", "search")
    assert compared.returncode == 0, compared.stdout + compared.stderr
    record_property("letters", len(load.letters))


def test_the_comparison_sees_fields(searching: tuple[City, Node]) -> None:
    """Letters whose documents say something else than they do are named by `check`, with the fields, and put right."""
    city, node = searching
    user = city.client(f"registrar.{SENDER}")
    data = {"@type": "Letter", "kind": "internal", "owner_unit": SENDER, "title": "ขอให้เทียบทุกช่อง"}
    letters = [user.post(f"/agencies/{SENDER}/letters", json=data).json() for _ in range(3)]
    wait_until(lambda: waiting(city) == 0, 20, "for the index")
    engine = Solr(node.url, "saraban")
    wrong: list[dict[str, object]] = [{"title": "อย่างอื่น"}, {"allowed": ["Manager"]}, {"state": "closed", "year": 2500}]
    for letter, fields in zip(letters, wrong, strict=True):
        document = {"path": urlsplit(letter["@id"]).path, "title": data["title"], "agency": SENDER}
        engine.update([{"uid": letter["UID"], "read_at": time.time_ns() // 1000, **document, **fields}])
    done = run(city, "saraban", "check", "--only", "search", "--repair")
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    for letter, fields in zip(letters, wrong, strict=True):
        line = next(line for line in said.splitlines() if urlsplit(letter["@id"]).path in line)
        assert "Solr has another" in line
        assert all(comparing.STORED_AS.get(name, name) in line for name in fields)
    wait_until(lambda: waiting(city) == 0, 20, "for the index")
    again = run(city, "saraban", "check", "--only", "search")
    assert again.returncode == 0, again.stdout + again.stderr
