"""A register book of a year as CSV, workbook and PDF: seconds, size, and the most memory that it takes.

`bin/testpy benchmarks/registers.py [--lines 50000]`, in the environment of a city of one's own (`SARABAN_VAR`): it writes
the lines into the receive register of a year far away, where they are in nobody's way, and leaves them there.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from datetime import date, datetime, timedelta

from sqlalchemy import func, insert, select

from saraban.admin import boot
from saraban.ledger.connection import alone, reader
from saraban.ledger.tables import RegisterEntry
from saraban.registers import queries
from saraban.registers.printed import book
from saraban.registers.queries import Asked
from saraban.spreadsheets import write_csv, write_xlsx

UNIT = "district-dusit"
YEAR = 2690
"""Buddhist: no number of a real letter is in its way."""
FORMATS = ("csv", "xlsx", "pdf")
SUBJECTS = (
    "ขอความอนุเคราะห์ตรวจสอบข้อมูลการดำเนินงานโครงการพัฒนาระบบสารบรรณอิเล็กทรอนิกส์ของกรุงเทพมหานคร ครั้งที่ {0}",
    "ขอเชิญประชุมคณะกรรมการพิจารณาจัดสรรงบประมาณรายจ่ายประจำปี ครั้งที่ {0}",
    "รายงานผลการปฏิบัติงานประจำเดือน ฉบับที่ {0}",
)
ACTIONS = ("", "ฝ่ายทะเบียน 10 ม.ค. 90", "ฝ่ายรายได้ ดำเนินการแล้ว แจ้งผู้ร้องทราบเมื่อ 12 ม.ค. 90")


def fill(lines: int) -> None:
    """Writes what is missing."""
    first = datetime(YEAR - 543, 1, 2, 2)
    with boot.site() as site, alone(site) as session:
        there = session.scalar(
            select(func.count()).select_from(RegisterEntry).where(RegisterEntry.unit == UNIT, RegisterEntry.year == YEAR)
        )
        rows = []
        for seq in range((there or 0) + 1, lines + 1):
            at = first + timedelta(minutes=seq * 10)
            rows.append(
                {
                    "book": f"{UNIT}/receive/letters",
                    "unit": UNIT,
                    "direction": "receive",
                    "series": "letters",
                    "year": YEAR,
                    "seq": seq,
                    "number": str(seq),
                    "date": min(at.date(), date(YEAR - 543, 12, 31)),
                    "letter_number": f"กท {seq % 9000 + 1000}/{seq}",
                    "letter_date": first.date(),
                    "sender": f"สำนักงานเขตที่ {seq % 50 + 1}",
                    "addressee": "ผู้อำนวยการเขตดุสิต",
                    "subject": SUBJECTS[seq % 3].format(seq),
                    "action": ACTIONS[seq % 7 % 3],
                    "remark": "",
                    "state": "cancelled" if seq % 501 == 0 else "issued",
                    "issued_by": f"registrar.{UNIT}",
                    "issued_at": at,
                }
            )
        for begin in range(0, len(rows), 1000):
            session.execute(insert(RegisterEntry), rows[begin : begin + 1000])


def measure(format_: str, lines: int) -> None:
    """One file, in a process of its own; prints a row of the table."""
    asked = Asked(UNIT, "receive", YEAR, to_seq=lines)
    titles = [title for _name, title in queries.COLUMNS["receive"]]
    with boot.site() as site, reader(site) as session:
        before = peak()
        begun = time.perf_counter()
        if format_ == "pdf":
            out = book.write(session, asked)
        else:
            rows = queries.cells_of(session, asked)
            out = write_csv(titles, rows) if format_ == "csv" else write_xlsx(f"{YEAR}", titles, rows)
        seconds = time.perf_counter() - begun
        size = out.seek(0, 2)
    print(f"| {format_} | {lines:,} | {seconds:.1f} | {size / 2**20:.1f} | {before} | {peak() - before} |", flush=True)


def peak() -> int:
    """The most memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> int:
    """All formats, at a tenth of the lines and at all of them: memory must not grow with them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=50_000)
    parser.add_argument("--one", choices=FORMATS, help="only this format, in this process")
    options = parser.parse_args()
    if options.one:
        measure(options.one, options.lines)
        return 0
    fill(options.lines)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    print("| format | lines | seconds | MiB | process before, MiB | and at most, MiB |\n|---|---|---|---|---|---|", flush=True)
    for format_ in FORMATS:
        for lines in (options.lines // 10, options.lines):
            subprocess.run([sys.executable, __file__, "--one", format_, "--lines", str(lines)], env=environment, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
