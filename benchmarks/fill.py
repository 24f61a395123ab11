"""Fills a city's ledger as years of work would: deliveries with their steps and work given, register books with their lines.

    SARABAN_HOME=… SARABAN_VAR=… bin/testpy benchmarks/fill.py --deliveries 300000 --entries 1000000

Tops up to those numbers; run it while the city's processes are stopped. One agency (`HEAVY`) gets a share of its own, the
others share the rest. A fifth of the deliveries are of circulars, of which most people of the agency have read most. The rows
are of letters that are not there: lists, books, figures and reports need none, and a measurement makes what it opens. Never on
a city that anybody needs: `bin/saraban check` will miss the letters.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text
from tqdm import tqdm

from saraban.admin import boot

HEAVY = "permanent-secretary-secretariat"
SHARE = 0.05
"""The part of everything that is the heavy agency's."""
CIRCULARS = 0.2
"""The part of the deliveries that are of circulars."""
EVERYWHERE, READ, KNOWN = 0.2, 0.85, 0.6
"""How many circulars go to every agency, how many of its people have read one, and how many of those say that they know it."""
READERS = ("registrar", "officer", "chief", "director")
YEARS = 3
CHUNK = 4000
SERIES = ("external", "internal", "stamped")
KINDS = ("external", "internal", "stamped", "order", "announcement", "note")
STATES = (("closed", 91), ("registered", 4), ("sent", 1), ("opened", 1), ("returned", 2), ("recalled", 1))
WORDS = ("ขอเชิญประชุม", "ขอความอนุเคราะห์", "แจ้งผล", "รายงานการตรวจ", "งบประมาณ", "น้ำท่วม", "ทะเบียนราษฎร", "โรงเรียน")


@dataclass
class Filler:
    """One run; the same numbers make the same rows."""

    connection: Connection
    agencies: list[str]
    chance: random.Random
    seqs: Counter[tuple[str, int]] = field(default_factory=Counter)
    """By book and year: the last number."""

    def unit(self) -> tuple[str, str]:
        """Agency and unit: the registry mostly, its general section else."""
        agency = HEAVY if self.chance.random() < SHARE else self.chance.choice(self.agencies)
        return agency, agency if self.chance.random() < 0.8 else f"{agency}.general"

    def moment(self) -> datetime:
        """Within the years before now, by day."""
        back = timedelta(minutes=self.chance.randrange(YEARS * 365 * 24 * 60))
        return datetime.now().replace(microsecond=0) - back

    def subject(self) -> str:
        """Some words."""
        return " ".join(self.chance.choices(WORDS, k=6))

    def entry(self, unit: str, direction: str, series: str, at: datetime, uid: str) -> dict[str, Any]:
        """A line of a book, with the next number."""
        book, year = f"{unit}/{direction}/{series}", at.year + 543
        self.seqs[book, year] += 1
        seq = self.seqs[book, year]
        number = str(seq) if direction == "receive" else f"กท 9000/{seq}"
        return {
            "book": book, "unit": unit, "direction": direction, "series": series, "year": year, "seq": seq, "number": number,
            "date": at.date(), "document_uid": uid, "letter_number": number, "letter_date": at.date(), "sender": "สำนักงานเขต",
            "addressee": "ปลัดกรุงเทพมหานคร", "subject": self.subject(), "action": "", "remark": "", "state": "issued",
            "issued_by": f"registrar.{unit.partition('.')[0]}", "issued_at": at,
        }  # fmt: skip

    def delivery(self, id_: int) -> dict[str, Any]:
        """A delivery in a state of its age: what is open is mostly young."""
        agency, unit = self.unit()
        at, state = self.moment(), self.chance.choices([one for one, _n in STATES], [n for _one, n in STATES])[0]
        if state in ("sent", "opened", "registered"):
            at = datetime.now().replace(microsecond=0) - timedelta(hours=int(self.chance.expovariate(1 / 300)) + 1)
        opened = at + timedelta(minutes=1 + int(self.chance.expovariate(1 / 90)))
        registered = opened + timedelta(minutes=1 + int(self.chance.expovariate(1 / 300)))
        closed = registered + timedelta(hours=1 + int(self.chance.expovariate(1 / 100)))
        sender = self.chance.choice(self.agencies)
        return {
            "id": id_, "key": f"{self.chance.getrandbits(128):032x}", "letter_uid": f"{self.chance.getrandbits(128):032x}",
            "letter_path": f"/saraban/agencies/{sender}/letters/2569/a/{id_:020x}", "unit": unit, "agency": agency,
            "from_unit": sender, "via": "system", "state": state, "registered_by": f"registrar.{agency}", "result": "",
            "publish": "", "follow_up": self.chance.random() < 0.01, "known_by": "", "title": self.subject(),
            "sender": "สำนักงานเขต", "number": f"กท 9000/{id_}",
            "letter_date": at.date(), "kind": self.chance.choice(KINDS), "secrecy": "normal",
            "urgency": "normal" if self.chance.random() < 0.9 else "urgent", "sent_at": at,
            "due_date": at.date() + timedelta(days=self.chance.randrange(3, 30)) if self.chance.random() < 0.4 else None,
            "opened_at": opened if state not in ("sent", "recalled") else None,
            "registered_at": registered if state in ("registered", "closed") else None,
            "closed_at": closed if state == "closed" else None, "receive_number": None, "receive_year": None,
        }  # fmt: skip

    def circular(self, id_: int) -> list[dict[str, Any]]:
        """The deliveries of one circular: to every agency or to some, always to the heavy one, often to its section too."""
        first = self.delivery(id_)
        same = ("letter_uid", "letter_path", "from_unit", "title", "number", "letter_date", "sent_at", "due_date")
        few = self.chance.random() >= EVERYWHERE
        agencies = self.chance.sample(self.agencies, 5) if few else self.agencies
        units = dict.fromkeys([HEAVY, *([f"{HEAVY}.general"] if self.chance.random() < 0.5 else []), *agencies])
        found = []
        for number, unit in enumerate(units):
            row = {**self.delivery(id_ + number), **{name: first[name] for name in same}}
            opened = row["sent_at"] + timedelta(hours=1)
            found.append(
                {
                    **row,
                    "unit": unit,
                    "agency": unit.partition(".")[0],
                    "kind": "circular",
                    "opened_at": row["opened_at"] and opened,
                    "registered_at": row["registered_at"] and opened + timedelta(hours=1),
                    "closed_at": row["closed_at"] and opened + timedelta(hours=2),
                }
            )
        return found

    def receipts(self, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Who has read a circular."""
        for agency in dict.fromkeys(row["agency"] for row in rows):
            for function in READERS:
                if self.chance.random() < READ:
                    at = rows[0]["sent_at"] + timedelta(hours=1 + int(self.chance.expovariate(1 / 40)))
                    yield {
                        "circular_uid": rows[0]["letter_uid"], "person": f"{function}.{agency}", "person_name": function,
                        "unit": agency, "agency": agency, "opened_at": at,
                        "acknowledged_at": at if self.chance.random() < KNOWN else None,
                    }  # fmt: skip


def steps(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What happened to a delivery."""
    for what, at in (
        ("dispatched", row["sent_at"]),
        ("opened", row["opened_at"]),
        ("registered", row["registered_at"]),
        ("closed", row["closed_at"]),
    ):
        if at is not None:
            unit, to_unit = (row["from_unit"], row["unit"]) if what == "dispatched" else (row["unit"], "")
            yield {
                "letter_uid": row["letter_uid"], "delivery_id": row["id"], "at": at, "what": what, "unit": unit,
                "to_unit": to_unit, "person": row["registered_by"], "person_name": "", "post": "", "note": "",
            }  # fmt: skip


def work(row: dict[str, Any], chance: random.Random) -> Iterator[dict[str, Any]]:
    """To whom it was given, for one in three that were registered."""
    if row["registered_at"] is not None and chance.random() < 0.33:
        yield {
            "delivery_id": row["id"], "person": f"officer.{row['agency']}", "unit": f"{row['agency']}.general",
            "instruction": "ดำเนินการ", "due_date": row["due_date"],
            "state": "open" if row["state"] == "registered" else "closed",
            "given_by": f"director.{row['agency']}", "given_at": row["registered_at"] + timedelta(minutes=30),
            "closed_at": row["closed_at"],
        }  # fmt: skip


class Writer:
    """Rows by table, written some thousand at a time."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.rows: dict[Any, list[dict[str, Any]]] = {}

    def add(self, table: Any, *rows: dict[str, Any]) -> None:
        """Takes rows; parents before what refers to them."""
        self.rows.setdefault(table, []).extend(rows)

    def flush(self, at_least: int = 1) -> None:
        """Writes what is there, once there is so much of anything."""
        if any(len(rows) >= at_least for rows in self.rows.values()):
            for table, rows in self.rows.items():
                if rows:
                    self.connection.execute(insert(table), rows)
                    rows.clear()


def fill_deliveries(filler: Filler, writer: Writer, wanted: int) -> None:
    """Tops up deliveries, each with its steps, the work that was given, and its line in the receive book; and circulars."""
    from saraban.circulars.tables import Receipt
    from saraban.ledger.tables import RegisterEntry
    from saraban.routing.tables import Assignment, Delivery, DeliveryStep

    def add(row: dict[str, Any]) -> None:
        writer.add(Delivery, row)
        if row["registered_at"] is not None:
            line = filler.entry(row["unit"], "receive", "letters", row["registered_at"], row["letter_uid"])
            row["receive_number"], row["receive_year"] = line["seq"], line["year"]
            writer.add(RegisterEntry, line)
        writer.add(DeliveryStep, *steps(row))
        writer.add(Assignment, *work(row, filler.chance))
        writer.flush(CHUNK)

    counted = select(func.count()).select_from(Delivery)
    there = filler.connection.scalar(counted.where(Delivery.kind == "circular")) or 0
    others = (filler.connection.scalar(counted) or 0) - there
    last = filler.connection.scalar(select(func.max(Delivery.id))) or 0
    with tqdm(total=wanted, initial=min(wanted, there + others), desc="deliveries", disable=None) as bar:
        while there < wanted * CIRCULARS:
            rows = filler.circular(last + 1)
            for row in rows:
                add(row)
            writer.add(Receipt, *filler.receipts(rows))
            last, there = last + len(rows), there + len(rows)
            bar.update(len(rows))
        for id_ in range(last + 1, last + 1 + max(0, wanted - there - others)):
            add(filler.delivery(id_))
            bar.update(1)
    writer.flush()


def fill_books(filler: Filler, writer: Writer, wanted: int) -> None:
    """Tops up register entries: half of them received, half sent; then the counters, so that the next number is the next."""
    from saraban.ledger.tables import NumberSeries, RegisterEntry

    there = filler.connection.scalar(select(func.count()).select_from(RegisterEntry)) or 0
    for _number in tqdm(range(max(0, wanted - there)), desc="register entries", disable=None):
        agency, unit = filler.unit()
        received = filler.chance.random() < 0.5
        book = (unit, "receive", "letters") if received else (agency, "send", filler.chance.choice(SERIES))
        writer.add(RegisterEntry, filler.entry(*book, filler.moment(), f"{filler.chance.getrandbits(128):032x}"))
        writer.flush(CHUNK)
    writer.flush()
    filler.connection.execute(delete(NumberSeries))
    writer.add(NumberSeries, *({"book": book, "year": year, "last": seq} for (book, year), seq in filler.seqs.items()))
    writer.flush()


def fill(connection: Connection, agencies: list[str], deliveries: int, entries: int) -> None:
    """Tops up both, and lets the database look at what it has."""
    from saraban.ledger.tables import NumberSeries

    filler, writer = Filler(connection, agencies, random.Random(deliveries)), Writer(connection)
    for book, year, seq in connection.execute(select(NumberSeries.book, NumberSeries.year, NumberSeries.last)):
        filler.seqs[book, year] = seq
    fill_deliveries(filler, writer, deliveries)
    fill_books(filler, writer, entries)
    if connection.dialect.name == "postgresql":
        for table in ("delivery", "delivery_step", "assignment", "register_entry", "circular_receipt"):
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"))
    connection.execute(text("ANALYZE"))


def main() -> None:
    """Fills the city of this environment."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deliveries", type=int, default=30_000)
    parser.add_argument("--entries", type=int, default=100_000)
    given = parser.parse_args()
    with boot.site() as site:
        from saraban.ledger.connection import engine_of
        from saraban.organisation import chart

        agencies = [info.unit for info in chart.agencies()]
        with engine_of(site).connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            fill(connection, agencies, given.deliveries, given.entries)
            connection.commit()
    print(f"{date.today()}: filled up to {given.deliveries:,} deliveries and {given.entries:,} register entries")


if __name__ == "__main__":
    main()
