"""How fast a letter goes its way over HTTP, beside plain Plone with 10,000 documents in the same run.

    PYTHONPATH=benchmarks SARABAN_DEMO_PASSWORD=… bin/testpy benchmarks/way.py http://localhost:8080/saraban [--peer http://localhost:18480/Plone]

Prints a Markdown table: the same piece of work for both, and the ratio of the medians (single clients) or of the rates (many
clients). The peer is any plain Plone with plone.restapi that has the account and the folder named by the options.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import secrets
import threading
import time
from pathlib import Path

from client import LETTER_TEXT, Answer, Figures, Person, together

AGENCY = "district-dusit"
RECEIVER = "permanent-secretary-secretariat"
BOOK = f"/agencies/{AGENCY}/@register-book?book=send"
LAG_PAUSE = 0.1


class Saraban:
    """A city with its demo accounts."""

    def __init__(self, site: str) -> None:
        self.site = site

    def person(self, user: str = f"registrar.{AGENCY}") -> Person:
        """Somebody."""
        return Person(self.site, user, os.environ["SARABAN_DEMO_PASSWORD"])

    def create(self, person: Person, client: int = 0, turn: int = 0) -> Answer:
        """A draft."""
        body = {"@type": "Letter", "kind": "internal", "title": f"ทดสอบความเร็ว {client} {turn}", "body": LETTER_TEXT}
        return person("POST", f"/agencies/{AGENCY}/letters", body)

    def dispatch(self, person: Person, letter: Answer, recipients: object) -> Answer:
        """Sends a draft."""
        return person("POST", f"{letter.json['@id']}/@dispatch", {"recipients": recipients})

    def create_and_dispatch(self, person: Person, client: int = 0, turn: int = 0) -> Answer:
        """Both requests, together."""
        made = self.create(person, client, turn)
        sent = self.dispatch(person, made, [RECEIVER])
        return Answer(sent.status, sent.content, made.seconds + sent.seconds)

    def answer_back(self, person: Person, client: int = 0, turn: int = 0) -> Answer:
        """A letter from the other agency to this one."""
        made = person(
            "POST", f"/agencies/{RECEIVER}/letters", {"@type": "Letter", "kind": "internal", "title": f"ตอบกลับ {turn}"}
        )
        return self.dispatch(person, made, [AGENCY])

    def to_all(self, person: Person, client: int = 0, turn: int = 0) -> Answer:
        """The dispatch to every other agency alone."""
        return self.dispatch(person, self.create(person, client, turn), "all-agencies")

    def reserve(self, person: Person, client: int = 0, turn: int = 0) -> Answer:
        """A number."""
        return person("POST", f"/agencies/{AGENCY}/@reserve-number", {"series": "internal", "purpose": "ทดสอบความเร็ว"})

    def act(self, person: Person, client: int, turn: int) -> list[Answer]:
        """What somebody does, then a second for reading it: a list and one of it, as pages do; one act in five writes."""
        time.sleep(random.uniform(0.5, 1.5))
        chance = random.random()
        if chance < 0.2:
            made = self.create(person, client, turn)
            return [made, self.dispatch(person, made, [RECEIVER])]
        if chance < 0.8:
            listed = person("GET", f"/agencies/{AGENCY}/@deliveries" if chance < 0.5 else "/@inbox")
            return [listed, person("GET", random.choice(listed.json["items"])["@id"])]
        return [person("GET", "/desk", accept="text/html"), person("GET", BOOK)]


class Peer:
    """Plain Plone: a Document in a folder of one's own."""

    def __init__(self, site: str, user: str, password: str, folder: str) -> None:
        self.site, self.user, self.password, self.folder = site, user, password, folder
        self._numbers = itertools.count()

    def person(self) -> Person:
        """Its user."""
        return Person(self.site, self.user, self.password)

    def create(self, person: Person, client: int = 0, turn: int = 0) -> Answer:
        """A Document with the same text."""
        text = {"data": f"<p>{LETTER_TEXT}</p>", "content-type": "text/html"}
        return person("POST", f"/{self.folder}", {"@type": "Document", "title": f"ทดสอบ {client} {turn}", "text": text})

    def create_and_publish(self, person: Person, client: int = 0, turn: int = 0) -> Answer:
        """Both requests, together."""
        made = self.create(person, client, turn)
        sent = person("POST", f"{made.json['@id']}/@workflow/publish", {})
        return Answer(sent.status, sent.content, made.seconds + sent.seconds)

    def to_all(self, person: Person, client: int = 0, turn: int = 0) -> Answer:
        """77 Documents in one transaction, by the view that the peer has for it."""
        letter = {"id": f"c-{secrets.token_hex(5)}", "title": "ทดสอบ", "description": "ที่ กท 1", "html": f"<p>{LETTER_TEXT}</p>"}
        return person("POST", "/@@peer-circular", letter)

    def act(self, person: Person, client: int, turn: int) -> list[Answer]:
        """The same mixture."""
        time.sleep(random.uniform(0.5, 1.5))
        chance = random.random()
        if chance < 0.2:
            made = self.create(person, client, turn)
            return [made, person("POST", f"{made.json['@id']}/@workflow/publish", {})] if made.ok else [made]
        if chance < 0.8:
            listed = person("GET", f"/{self.folder}?b_size=25")
            return [listed, person("GET", random.choice(listed.json["items"])["@id"])]
        return [person("GET", f"/{self.folder}", accept="text/html"), person("GET", f"/{self.folder}?b_size=25")]


def lag(saraban: Saraban, person: Person, seconds: float = 20.0) -> float:
    """Seconds from a letter's 201 until the search finds it."""
    word = secrets.token_hex(6)
    made = person("POST", f"/agencies/{AGENCY}/letters", {"@type": "Letter", "kind": "internal", "title": f"ทดสอบ {word}"})
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds and made.ok:
        if person("GET", f"/@find?text={word}").json["items_total"]:
            return time.perf_counter() - begun
        time.sleep(LAG_PAUSE)
    return float("inf")


def row(ours: Figures, theirs: Figures | None, by_rate: bool = False) -> str:
    """A line of the table."""
    cells = [f"{ours.quantile(0.5):.0f} / {ours.quantile(0.95):.0f}", f"{ours.rate:.0f}", str(ours.failed)]
    if theirs is None or not theirs.answers:
        return f"| {ours.name} | " + " | ".join(cells) + " | | | | |"
    ratio = ours.rate / theirs.rate if by_rate else theirs.quantile(0.5) / ours.quantile(0.5)
    cells += [f"{theirs.quantile(0.5):.0f} / {theirs.quantile(0.95):.0f}", f"{theirs.rate:.1f}", str(theirs.failed)]
    return f"| {ours.name} | " + " | ".join(cells) + f" | {ratio:.1f} |"


def memory(pid: int) -> str:
    """Megabytes of a process now."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return str(int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) // 1024)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site")
    parser.add_argument("--peer", default="")
    parser.add_argument("--peer-user", default="user-unit-01")
    parser.add_argument("--peer-manager", default="peeradmin")
    parser.add_argument("--peer-password", default="peer-only-password")
    parser.add_argument("--peer-folder", default="unit-01")
    parser.add_argument("--pid", type=int, default=0, help="the process of the site, for its memory")
    parser.add_argument("--turns", type=int, default=30, help="acts of each of the 25 people, a second apart")
    given = parser.parse_args()
    us = Saraban(given.site)
    them = Peer(given.peer, given.peer_user, given.peer_password, given.peer_folder) if given.peer else None
    manager = Peer(given.peer, given.peer_manager, given.peer_password, given.peer_folder) if given.peer else None

    print("| what | p50 / p95 ms | per second | failed | plain Plone: p50 / p95 ms | per second | failed | ratio |")
    print("|---|---|---|---|---|---|---|---|")

    def both(name: str, clients: int, turns: int, ours: str, theirs: str, peer: Peer | None, peer_turns: int) -> Figures:
        other = None
        if peer is not None:
            other = together(name, [peer.person() for _ in range(clients)], peer_turns, getattr(peer, theirs))
        mine = together(name, [us.person() for _ in range(clients)], turns, getattr(us, ours))
        print(row(mine, other, by_rate=clients > 1), flush=True)
        for answer in mine.answers:
            if not answer.ok:
                print(f"failed: {answer.status} after {answer.seconds:.2f} s: {answer.content[:200]!r}")
        return mine

    together("warm", [us.person() for _ in range(8)], 3, us.create_and_dispatch)
    together("what the desk shows", [us.person(f"registrar.{RECEIVER}")], 30, us.answer_back)
    if them is not None:
        together("warm", [them.person() for _ in range(8)], 3, them.create)
    both("create", 1, 100, "create", "create", them, 50)
    both("create and dispatch (publish)", 1, 50, "create_and_dispatch", "create_and_publish", them, 30)
    both("dispatch to all 76 (77 Documents)", 1, 30, "to_all", "to_all", manager, 3)
    both("create, 8 clients x 25", 8, 25, "create", "create", them, 25)
    print(row(together("create and dispatch, 8 x 25", [us.person() for _ in range(8)], 25, us.create_and_dispatch), None))
    crowd = [us.person() for _ in range(250)]
    burst = together("250 numbers at one instant", crowd, 1, us.reserve)
    print(row(burst, None) + f" slowest {burst.quantile(1.0):.0f} ms")
    seqs = sorted(int(answer.json["number"].rpartition("/")[2]) for answer in burst.answers if answer.ok)
    print(f"\n250 numbers: {len(set(seqs))} different, {seqs[-1] - seqs[0] + 1 - len(seqs)} missing between.\n")
    del crowd

    lags: list[float] = []
    over = threading.Event()

    def watch() -> None:
        mine = us.person()
        while not over.is_set():
            lags.append(lag(us, mine))

    watcher = threading.Thread(target=watch)
    watcher.start()
    both("25 people, a second between acts", 25, given.turns, "act", "act", them, given.turns)
    over.set()
    watcher.join()
    lags.sort()
    print(f"\nFrom saved to found, meanwhile: p50 {lags[len(lags) // 2]:.1f} s, p95 {lags[int(len(lags) * 0.95)]:.1f} s.")
    idle = sorted(lag(us, us.person()) for _ in range(20))
    print(f"Idle: p50 {idle[10]:.1f} s, p95 {idle[19]:.1f} s.")
    if given.pid:
        print(f"The process has {memory(given.pid)} MB.")


if __name__ == "__main__":
    main()
