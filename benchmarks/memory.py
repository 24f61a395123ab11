"""What each process of a running city holds after a thousand requests.

    PYTHONPATH=benchmarks SARABAN_DEMO_PASSWORD=… bin/testpy benchmarks/memory.py http://localhost:8080/saraban --supervisor PID

The requests are those of a registry at work: desk, pages, registers, search, and one in five writes or sends a letter. Prints a
Markdown table: the resident memory of each process that the supervisor of `make start` keeps, before and after.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from client import Answer, Person, together
from way import AGENCY, BOOK, RECEIVER, Saraban

REQUESTS, PEOPLE = 1000, 4
REST = {"accept": "application/json"}
PAGE = {"accept": "text/html"}
LOOKS = (
    ("/desk", PAGE),
    (f"/agencies/{AGENCY}/@deliveries", REST),
    ("/registers?book=send", PAGE),
    (BOOK, REST),
    ("/find?text=%E0%B8%97%E0%B8%94%E0%B8%AA%E0%B8%AD%E0%B8%9A", PAGE),
    ("/circulars", PAGE),
    ("/compose?kind=internal", PAGE),
    ("/reports", PAGE),
)
"""What is looked at, one after the other."""


def main() -> int:
    """Asks, and tells."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site")
    parser.add_argument("--supervisor", type=int, required=True, metavar="PID", help="its process: `make status` names it")
    options = parser.parse_args()
    city = Saraban(options.site)

    def work(person: Person, client: int, turn: int) -> list[Answer]:
        """Five requests: a letter made and sent, three looks."""
        made = city.create(person, client, turn)
        looks = [LOOKS[(turn * 3 + number) % len(LOOKS)] for number in range(3)]
        return [made, city.dispatch(person, made, [RECEIVER]), *(person("GET", path, **how) for path, how in looks)]

    before = held(options.supervisor)
    people = [city.person() for _ in range(PEOPLE)]
    done = together("requests", people, REQUESTS // PEOPLE // 5, work)
    time.sleep(5)  # the worker indexes what was sent
    after = held(options.supervisor)
    print(f"{len(done.answers)} requests, {done.failed} failed\n\n| process | MB before | MB after |\n|---|---|---|")
    for answer in done.answers:
        if not answer.ok:
            print(f"| {answer.status}: {answer.content[:300]!r} | | |")
    for pid, (name, megabytes) in after.items():
        print(f"| {name} | {before.get(pid, (name, 0))[1]} | {megabytes} |")
    return 1 if done.failed else 0


def held(supervisor: int) -> dict[int, tuple[str, int]]:
    """Name and resident megabytes of a process and of all that it started."""
    found: dict[int, tuple[str, int]] = {}
    left = [supervisor]
    while left:
        pid = left.pop(0)
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
            left += [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        except OSError:  # it has ended
            continue
        program = next((Path(word.decode()).name for word in words[1:] if not word.startswith(b"-")), "")
        found[pid] = (program if b"java" not in words[0] else "Solr", int(status["VmRSS"].split()[0]) // 1024)
    return found


if __name__ == "__main__":
    raise SystemExit(main())
