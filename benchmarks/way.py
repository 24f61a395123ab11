"""How fast a letter goes its way over HTTP: drafts, dispatches, a circular to all, many at once, the lists.

    SARABAN_DEMO_PASSWORD=… bin/testpy benchmarks/way.py http://localhost:8080/saraban

Prints a Markdown table. The baseline in the same run is plain Plone's own cheapest write beside it: a page of Plone
(`Document`) created by the site's administrator, where Saraban's letters are created by a registrar.
"""

from __future__ import annotations

import os
import statistics
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import requests

AGENCY = "district-dusit"
RECEIVER = "permanent-secretary-secretariat"
TEXT = "ด้วยสำนักงานเขตมีความประสงค์ขอความอนุเคราะห์ข้อมูล " * 38
"""Some 1,900 characters."""


@dataclass
class Figures:
    """Seconds of the answers that succeeded, and how many did not."""

    name: str
    seconds: list[float] = field(default_factory=list)
    failed: int = 0
    wall: float = 0.0

    def row(self, baseline: float) -> str:
        """The line of the table; the ratio is baseline to median."""
        if not self.seconds:
            return f"| {self.name} | - | - | - | {self.failed} | - |"
        ordered = sorted(self.seconds)
        middle, late = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
        rate = len(ordered) / self.wall if self.wall else 0
        return (
            f"| {self.name} | {middle * 1000:.0f} | {late * 1000:.0f} | {rate:.0f} | {self.failed} | {baseline / middle:.1f} |"
        )


def session(user: str) -> requests.Session:
    """One person."""
    made = requests.Session()
    made.auth = (user, os.environ["SARABAN_DEMO_PASSWORD"])
    made.headers["Accept"] = "application/json"
    return made


def measure(
    name: str, clients: int, each: int, act: Callable[[requests.Session, int], requests.Response], user: str
) -> Figures:
    """Runs the act `each` times in each of `clients` threads."""
    figures = Figures(name)
    lock = threading.Lock()

    def work() -> None:
        mine = session(user)
        for number in range(each):
            begun = time.perf_counter()
            answer = act(mine, number)
            took = time.perf_counter() - begun
            with lock:
                if answer.status_code < 300:
                    figures.seconds.append(took)
                else:
                    figures.failed += 1

    threads = [threading.Thread(target=work) for _ in range(clients)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    figures.wall = time.perf_counter() - begun
    return figures


def main(site: str) -> None:
    """Measures and prints."""
    registrar = f"registrar.{AGENCY}"

    def create(who: requests.Session, number: int) -> requests.Response:
        body = {"@type": "Letter", "kind": "internal", "title": f"ทดสอบความเร็ว {number}", "body": TEXT}
        return who.post(f"{site}/agencies/{AGENCY}/letters", json=body)

    def page(who: requests.Session, number: int) -> requests.Response:
        return who.post(site, json={"@type": "Document", "title": f"ทดสอบ {number}", "text": f"<p>{TEXT}</p>"})

    def dispatch(recipients: object) -> Callable[[requests.Session, int], requests.Response]:
        def act(who: requests.Session, number: int) -> requests.Response:
            return who.post(f"{create(who, number).json()['@id']}/@dispatch", json={"recipients": recipients})

        return act

    def read(path: str) -> Callable[[requests.Session, int], requests.Response]:
        return lambda who, number: who.get(f"{site}{path}")

    measure("warm", 2, 5, create, registrar)
    plain = measure("plain Plone: create a Document", 1, 20, page, "site-admin")
    baseline = statistics.median(plain.seconds) if plain.seconds else float("nan")
    rows = [
        plain,
        measure("create a letter", 1, 50, create, registrar),
        measure("create and dispatch to 1", 1, 30, dispatch([RECEIVER]), registrar),
        measure("create and dispatch to all 76", 1, 20, dispatch("all-agencies"), registrar),
        measure("create, 8 clients x 25", 8, 25, create, registrar),
        measure("create and dispatch, 8 x 25, one series", 8, 25, dispatch([RECEIVER]), registrar),
        measure("desk, 25 of a list", 1, 50, read(f"/agencies/{RECEIVER}/@deliveries"), f"registrar.{RECEIVER}"),
        measure("register book, 25 lines", 1, 50, read(f"/agencies/{AGENCY}/@register-book?book=send"), registrar),
        measure("desk page (HTML)", 1, 30, lambda who, _: who.get(f"{site}/desk", headers={"Accept": "text/html"}), registrar),
    ]
    print("| what | p50 ms | p95 ms | per second | failed | times faster than a Document |")
    print("|---|---|---|---|---|---|")
    for figures in rows:
        print(figures.row(baseline))


if __name__ == "__main__":
    main(sys.argv[1])
