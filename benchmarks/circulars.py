"""How fast circulars go out, and how many people can read one at once, over HTTP.

    SARABAN_DEMO_PASSWORD=… bin/testpy benchmarks/circulars.py http://localhost:8080/saraban [--openings 10000]

Dispatches to the other 76 agencies, and to 850 units (those that the city lacks are added below one agency). Then people open
circulars, each person each circular once, so many at a time, until the openings are done: the staff of all agencies, or with
`--persons` so many of those that `readers.py` appointed. With SARABAN_VAR set the objects' transactions are compared before and
after: a receipt is a row, and no document is written.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import time
from pathlib import Path

from client import LETTER_TEXT, Answer, Figures, Person, together

SENDER = "district-dusit"
GROWING = "permanent-secretary-secretariat"
"""The agency below which units are added."""
UNITS = 850
FUNCTIONS = ("registrar", "officer", "chief", "director", "records")


class City:
    """The demo city."""

    def __init__(self, site: str) -> None:
        self.site = site

    def person(self, user: str) -> Person:
        """Somebody."""
        return Person(self.site, user, os.environ["SARABAN_DEMO_PASSWORD"])

    def units(self) -> list[dict[str, str]]:
        """Every unit that receives letters."""
        found = self.person("site-admin")("GET", "/@units?active=1&b_size=1000").json
        return list(found["items"])

    def grow(self) -> list[str]:
        """The ids of 850 units beside the sender's; what is missing is added."""
        known = [unit["id"] for unit in self.units() if unit["agency"] != SENDER]
        missing = max(0, UNITS - len(known))
        rows = [
            {"id": f"bench-{number}", "name_th": f"หน่วยทดสอบ {number}", "parent": GROWING, "kind": "section"}
            for number in range(missing)
        ]
        if rows:
            made = self.person("site-admin")("POST", f"/agencies/{GROWING}/@import-units", {"items": rows})
            assert made.ok, made.content
        return [unit["id"] for unit in self.units() if unit["agency"] != SENDER][:UNITS]

    def circular(self, sender: Person) -> str:
        """A draft's address."""
        draft = {"@type": "Circular", "title": "แนวทางปฏิบัติ", "body": LETTER_TEXT}
        made = sender("POST", f"/agencies/{SENDER}/circulars", draft)
        assert made.status == 201, made.content
        return str(made.json["@id"])

    def dispatch(self, name: str, recipients: object, turns: int) -> tuple[Figures, list[str]]:
        """Sends so many circulars, one after the other."""
        sender, figures, sent = self.person(f"registrar.{SENDER}"), Figures(name), []
        for _turn in range(turns):
            circular = self.circular(sender)
            answer = sender("POST", f"{circular}/@dispatch", {"recipients": recipients})
            figures.answers.append(answer)
            figures.wall += answer.seconds
            sent.append(circular)
        return figures, sent

    def staff(self) -> list[str]:
        """The demo accounts of all agencies but the sender's."""
        agencies = [unit["id"] for unit in self.units() if unit["@type"] == "Agency" and unit["id"] != SENDER]
        return [f"{function}.{agency}" for agency in agencies for function in FUNCTIONS]


def objects_written() -> int | None:
    """The last transaction of the objects; None where the database is not at hand."""
    found = list((Path(os.environ.get("SARABAN_VAR", "/nonexistent")) / "database").glob("main.sqlite3"))
    if not found:
        return None
    connection = sqlite3.connect(f"file:{found[0]}?mode=ro", uri=True)
    try:
        return int(connection.execute("SELECT MAX(tid) FROM object_state").fetchone()[0])
    finally:
        connection.close()


def read(city: City, readers: int, openings: int, persons: int) -> Figures:
    """The staff, or so many appointed readers, open circulars, so many at a time."""
    staff = [f"reader-{number}" for number in range(persons)] or city.staff()
    circulars = -(-openings // len(staff))
    _figures, sent = city.dispatch("", "all-agencies", circulars)
    todo = [(user, circular) for circular in sent for user in staff][:openings]
    share = -(-len(todo) // readers)
    people = {user: city.person(user) for user in staff}

    def job(_person: Person, client: int, turn: int) -> Answer:
        position = client + turn * readers
        if position >= len(todo):
            return Answer(204, b"", 0.0)
        user, circular = todo[position]
        return people[user]("POST", f"{circular}/@open", {})

    time.sleep(3)  # the worker indexes what was sent
    before = objects_written()
    figures = together(
        f"{len(todo):,} openings by {len(staff):,} persons, {readers} at a time",
        [city.person("site-admin") for _reader in range(readers)],
        share,
        job,
    )
    after = objects_written()
    print(f"Objects written by the receipts: {'not looked' if before is None else 'none' if before == after else 'SOME'}\n")
    return figures


def line(figures: Figures) -> str:
    """A row of the table."""
    times = f"{figures.quantile(0.5):.0f} | {figures.quantile(0.95):.0f}"
    return f"| {figures.name} | {times} | {figures.rate:.1f} | {figures.failed} |"


def main() -> None:
    """Runs it all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--readers", type=int, default=16)
    parser.add_argument("--openings", type=int, default=10_000)
    parser.add_argument("--persons", type=int, default=0)
    options = parser.parse_args()
    city = City(options.site)
    rows = [city.dispatch("dispatch to the other 76 agencies", "all-agencies", options.turns)[0]]
    rows.append(city.dispatch("dispatch to 850 units", city.grow(), options.turns)[0])
    rows.append(read(city, options.readers, options.openings, options.persons))
    print("| work | p50 ms | p95 ms | per second | failed |\n|---|---|---|---|---|")
    print("\n".join(line(figures) for figures in rows))


if __name__ == "__main__":
    main()
