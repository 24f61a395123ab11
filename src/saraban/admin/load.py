"""`bin/saraban load`: registers one incoming letter for each line of a JSON Lines file, in batches, in order of the file.

A line is known again by sender, number and date, else by a hash of itself: a second run, or one after an interruption, adds
only what is missing.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BufferedReader
from pathlib import Path
from typing import Any

from tqdm import tqdm

from saraban.admin import boot
from saraban.admin.acting import act_as_registrar, retried
from saraban.admin.texts import plain

HELP = "register one incoming letter for each line of a JSON Lines file"
BATCH = 40
"""Letters in one transaction: others who register in the same book wait about as many times 5 ms."""
SOME_REFUSED = 3
"""Exit code: the file is done, but lines were refused."""
UNREADABLE = (EOFError, gzip.BadGzipFile, zlib.error)
"""What a packed file says that is none, or was cut off."""
NOBODY = "ไม่ระบุผู้ส่ง"
"""The sender of a line that names none."""


class RefusedError(Exception):
    """Why a line cannot be registered."""


@dataclass
class Line:
    """A line of the file that can be registered."""

    number: int
    key: str
    values: Mapping[str, Any]
    files: Sequence[Path] = ()


@dataclass
class Tally:
    """What became of the lines."""

    registered: int = 0
    known: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the subcommand."""
    parser.add_argument(
        "file", type=Path, metavar="FILE.jsonl[.gz]", help="keys: title, text, date; optional: number, sender, …"
    )
    parser.add_argument("--to", required=True, metavar="AGENCY", help="id of the receiving agency")
    parser.add_argument("--limit", type=whole_number, metavar="N", help="only the first N lines")


def whole_number(text: str) -> int:
    """A number of lines. Raises ValueError, of which the program makes a wrong usage."""
    found = int(text)
    if found < 0:
        raise ValueError
    return found


def run(options: argparse.Namespace) -> int:
    """Loads the file; lists what was refused; closes with the line that `docs/operations.md` describes."""
    if not options.file.is_file():
        print(f"There is no file {options.file}.")
        return 2
    with boot.site() as site:
        agency = site.agencies._getOb(options.to, None) if "agencies" in site else None
        if agency is None:
            print(f"There is no agency {options.to}.")
            return 2
        act_as_registrar(site, agency)
        started = time.monotonic()
        tally = Tally()
        try:
            load(site, agency, options.file, options.limit, tally)
        except UNREADABLE as error:
            print(f"{options.file} cannot be read to its end: {error}")
            return 1
        finally:
            report(tally, time.monotonic() - started)
    return SOME_REFUSED if tally.refused else 0


def load(site: Any, agency: Any, file: Path, limit: int | None, tally: Tally) -> None:
    """Reads, sorts out and registers; only a batch of lines is in memory."""
    batch: list[Line] = []
    for number, text in lines(file, limit):
        try:
            line = parse(number, text, file.parent)
        except RefusedError as refusal:
            tally.refused.append((number, str(refusal)))
            continue
        if line.files:
            flush(site, agency, batch, tally)
            batch = []
            flush(site, agency, [line], tally)
            continue
        batch.append(line)
        if len(batch) >= BATCH:
            flush(site, agency, batch, tally)
            batch = []
    flush(site, agency, batch, tally)


def lines(file: Path, limit: int | None) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, with their numbers; the bar follows the file's own bytes, packed or not."""
    with (
        file.open("rb") as raw,
        tqdm(total=file.stat().st_size, unit="B", unit_scale=True, desc=file.name, disable=None) as bar,
    ):
        stream: BufferedReader | gzip.GzipFile = gzip.GzipFile(fileobj=raw) if file.suffix == ".gz" else raw
        for number, text in enumerate(stream, 1):
            if limit is not None and number > limit:
                return
            bar.update(raw.tell() - bar.n)
            if text.strip():
                yield number, text


def parse(number: int, text: bytes, folder: Path) -> Line:
    """The letter of a line. Raises RefusedError with everything that is wrong with it."""
    from saraban.errors import DomainError
    from saraban.letters import fields

    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise RefusedError("not JSON") from None
    if not isinstance(given, dict):
        raise RefusedError("not a JSON object")
    files = given.get("files") or []
    if not isinstance(files, list) or not all(isinstance(name, str) for name in files):
        raise RefusedError("files: not a list of paths")
    paths = [folder / name for name in files]
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        raise RefusedError(f"files: not there: {', '.join(missing)}")
    try:
        values = fields.reception_values(
            {
                "title": given.get("title"),
                "body": given.get("text"),
                "letter_date": given.get("date"),
                "sender_number": given.get("number"),
                "sender": given.get("sender") or NOBODY,
                "urgency": given.get("urgency"),
                "secrecy": given.get("secrecy"),
                "secrecy_reason": given.get("secrecy_reason"),
                "via": given.get("via"),
            }
        )
    except DomainError as error:
        raise RefusedError(plain(error)) from None
    return Line(number, key_of(values, text), values, paths)


def key_of(values: Mapping[str, Any], text: bytes) -> str:
    """What tells the same letter again. Of a secret one the whole line: on a digest of less one could try senders."""
    from saraban.classification.levels import NORMAL
    from saraban.organisation import chart
    from saraban.routing.known import known_by

    sender, when = values["sender"], values["letter_date"]
    unit = chart.unit(sender)
    known: date | None = when
    whole = hashlib.sha256(text.strip()).hexdigest()
    if values["secrecy"] != NORMAL:
        return whole
    return known_by(unit.title_th if unit else sender, values["sender_number"], known) or whole


def flush(site: Any, agency: Any, batch: Sequence[Line], tally: Tally) -> None:
    """Registers the batch in one transaction; where a letter of it is refused, one by one."""
    from saraban.errors import DomainError

    fresh = new_ones(agency, batch, tally)
    if not fresh:
        return
    try:
        retried(lambda: register(site, agency, fresh))
    except DomainError as error:
        if len(fresh) == 1:
            tally.refused.append((fresh[0].number, plain(error)))
            return
        for line in fresh:
            flush(site, agency, [line], tally)
        return
    tally.registered += len(fresh)


def new_ones(agency: Any, batch: Sequence[Line], tally: Tally) -> list[Line]:
    """The lines whose key the agency's registry does not know, each key once."""
    from sqlalchemy import select

    from saraban.ledger.connection import reader
    from saraban.routing.tables import Delivery

    if not batch:
        return []
    query = select(Delivery.known_by).where(
        Delivery.unit == agency.unit_id, Delivery.known_by.in_([line.key for line in batch])
    )
    with reader(agency) as session:
        seen = set(session.scalars(query))
    fresh = []
    for line in batch:
        if line.key in seen:
            tally.known += 1
        else:
            seen.add(line.key)
            fresh.append(line)
    return fresh


def register(site: Any, agency: Any, batch: Sequence[Line]) -> None:
    """One transaction."""
    import transaction

    from saraban.ledger.acts import act
    from saraban.letters.operations import add_file
    from saraban.organisation.acting import current_actor
    from saraban.routing.reception import receive_all

    found = receive_all(agency, [line.values for line in batch], [line.key for line in batch])
    for line, received in zip(batch, found, strict=True):
        if not line.files:
            continue
        letter = site.unrestrictedTraverse(received.delivery.letter_path)
        for path in line.files:
            with (
                act(letter, current_actor(agency.unit_id), "attach", received.delivery.letter_uid) as current,
                path.open("rb") as stream,
            ):
                add_file(letter, current, path.name, stream, path.stat().st_size)
    transaction.commit()


def report(tally: Tally, seconds: float) -> None:
    """What a person wants to know at the end; the last line has a fixed form."""
    for number, reason in tally.refused:
        print(f"line {number}: {reason}")
    if tally.known:
        print(f"{tally.known} were registered before")
    rate = tally.registered / seconds if seconds else 0.0
    print(f"{tally.registered} letters in {seconds:.1f} s, {rate:.1f} letters/s, {len(tally.refused)} refused")
