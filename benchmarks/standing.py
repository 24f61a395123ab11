"""Lists, figures and verbs on a full ledger, at two sizes, on SQLite and PostgreSQL, beside plain Plone in the same run.

    export PYTHONPATH=benchmarks:.
    bin/testpy benchmarks/standing.py run FOLDER [--storage sqlite --storage postgresql] [--sizes 30000:100000,300000:1000000]
        [--peer http://localhost:18480/Plone | --peer-home PLACE/OF/THE/PEER]
    SARABAN_DEMO_PASSWORD=… bin/testpy benchmarks/standing.py measure http://localhost:8080/saraban [--peer …]

`run` makes a demo city of its own below FOLDER for each storage, fills it with `fill.py` (deliveries:register entries),
serves it with one process, lets a worker count for the reports, and measures: minutes for the small size, a quarter of an
hour for the large on two quiet cores.
`measure` takes a city that runs. Prints a Markdown table for each size: p50 and p95 in milliseconds, and the ratio to what
plain Plone takes for its like: a folder of 50 by REST and as a page for lists, a new Document for `receive`, its publication
for other verbs.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests import servers
from tests.admin.conftest import build_aside
from tests.conftest import HOME, PASSWORD, START_SECONDS, answers, free_port

from client import LETTER_TEXT, Answer, Figures, Person, together
from fill import HEAVY

SENDER = "district-dusit"
TURNS, VERBS = 60, 30
COUNTING = timedelta(minutes=30)
HTML = "text/html"


class City:
    """What is asked of a city, and by whom."""

    def __init__(self, site: str, password: str) -> None:
        self.site, self.password = site, password
        self.numbers = itertools.count(int(time.time()))

    def person(self, function: str, agency: str = HEAVY) -> Person:
        """Somebody of an agency."""
        return Person(self.site, f"{function}.{agency}", self.password)

    def draft(self, sender: Person) -> str:
        """A new letter."""
        body = {"@type": "Letter", "kind": "internal", "title": "ทดสอบความเร็ว", "body": LETTER_TEXT}
        return str(sender("POST", f"/agencies/{SENDER}/letters", body).json["@id"])

    def dispatched(self, sender: Person, recipients: object) -> str:
        """A letter that was sent."""
        letter = self.draft(sender)
        sender("POST", f"{letter}/@dispatch", {"recipients": recipients})
        return letter

    def lists(self) -> dict[str, tuple[str, str, str]]:
        """Name: who asks, for what, as what."""
        year = date.today().year + 543
        desk, book = f"/agencies/{HEAVY}/@deliveries?unit={HEAVY}", f"/agencies/{HEAVY}/@register-book?year={year}"
        json = "application/json"
        return {
            "desk by REST, new": ("registrar", f"{desk}&state=sent", json),
            "desk by REST, registered": ("registrar", f"{desk}&state=registered", json),
            "desk by REST, everything": ("registrar", desk, json),
            "desk by REST, overdue": ("registrar", f"{desk}&overdue=1&sort_on=due_date&sort_order=ascending", json),
            "inbox of an officer": ("officer", "/@inbox", json),
            "dashboard of a registrar": ("registrar", "/@dashboard", json),
            "dashboard of a director": ("director", "/@dashboard", json),
            "receive register by REST": ("registrar", f"{book}&book=receive", json),
            "send register by REST": ("registrar", f"{book}&book=send", json),
            "circulars by REST": ("registrar", "/@circulars", json),
            "circulars by REST, of one year": ("registrar", f"/@circulars?year={year}", json),
            "circulars by REST, of one issuer": ("registrar", f"/@circulars?issuer={SENDER}", json),
            "report of the agency": ("director", f"/agencies/{HEAVY}/@reports", json),
            "desk as a page": ("registrar", "/desk", HTML),
            "desk as a page, in progress": ("director", "/desk?tab=waiting", HTML),
            "receive register as a page": ("registrar", "/registers?book=receive", HTML),
            "send register as a page": ("registrar", "/registers?book=send", HTML),
            "circulars as a page": ("registrar", "/circulars", HTML),
            "reports as a page": ("director", "/reports", HTML),
        }


def timed(name: str, person: Person, turns: int, act: Callable[[int], Answer]) -> Figures:
    """One person, one act after the other."""
    return together(name, [person], turns, lambda _person, _client, turn: act(turn))


def seen(name: str, person: Person, address: str, accept: str) -> Figures:
    """One person looks at one list again and again, after a first look."""
    person("GET", address, accept=accept)
    return timed(name, person, TURNS, lambda _turn: person("GET", address, accept=accept))


def ours(city: City) -> Iterator[tuple[str, Figures]]:
    """Kind of the peer's like, and figures of a piece of work."""
    for name, (function, address, accept) in city.lists().items():
        yield "page" if accept == HTML else "list", seen(name, city.person(function), address, accept)
    sender, receiver = city.person("registrar", SENDER), city.person("registrar")
    everywhere = city.dispatched(sender, "all-agencies")
    yield "list", timed("movement by REST, 76 receivers", sender, TURNS, lambda _turn: sender("GET", f"{everywhere}/@movement"))
    yield (
        "page",
        timed("movement as a page", sender, TURNS, lambda _turn: sender("GET", f"{everywhere}/@@movement", accept=HTML)),
    )

    def receive(_turn: int) -> Answer:
        number = f"มท {next(city.numbers)}"
        body = {
            "title": "ทดสอบ",
            "sender": "กระทรวงมหาดไทย",
            "sender_number": number,
            "letter_date": "2026-01-05",
            "via": "post",
        }
        return receiver("POST", f"/agencies/{HEAVY}/@receive", body)

    yield "create", timed("receive from outside", receiver, VERBS, receive)
    drafts = [city.draft(sender) for _ in range(VERBS)]
    sent: list[Answer] = []

    def dispatch(turn: int) -> Answer:
        sent.append(sender("POST", f"{drafts[turn]}/@dispatch", {"recipients": [HEAVY]}))
        return sent[-1]

    yield "verb", timed("dispatch to one", sender, VERBS, dispatch)
    half = VERBS // 2
    deliveries = [answer.json["deliveries"][0]["@id"] for answer in sent[:half]]
    yield "verb", timed("register", receiver, half, lambda turn: receiver("POST", f"{deliveries[turn]}/@register", {}))
    yield (
        "verb",
        timed(
            "recall",
            sender,
            VERBS - half,
            lambda turn: sender("POST", f"{drafts[half + turn]}/@recall", {"reason": "ส่งผิดหน่วยงาน"}),
        ),
    )


def theirs(given: argparse.Namespace, site: str) -> dict[str, Figures]:
    """Plain Plone's like of each kind."""
    person = Person(site, given.peer_user, given.peer_password)
    folder = f"/{given.peer_folder}"
    text = {"data": f"<p>{LETTER_TEXT}</p>", "content-type": "text/html"}
    made: list[str] = []

    def create(turn: int) -> Answer:
        answer = person("POST", folder, {"@type": "Document", "title": f"ทดสอบ {turn}", "text": text})
        made.append(answer.json["@id"])
        return answer

    found = {
        "list": timed("folder of 50 by REST", person, TURNS, lambda _turn: person("GET", f"{folder}?b_size=50")),
        "page": timed("folder as a page", person, TURNS // 3, lambda _turn: person("GET", folder, accept=HTML)),
        "create": timed("create a Document", person, VERBS, create),
    }
    found["verb"] = timed("publish it", person, VERBS, lambda turn: person("POST", f"{made[turn]}/@workflow/publish", {}))
    return found


def cells(figures: Figures) -> str:
    """p50, p95, failures."""
    return f"{figures.quantile(0.5):.1f} | {figures.quantile(0.95):.1f} | {figures.failed}"


def measure(given: argparse.Namespace, city: City, title: str) -> None:
    """Prints a table."""
    peer = theirs(given, given.peer) if given.peer else {}
    print(f"\n### {title}\n\n| what | p50 ms | p95 ms | failed | plain Plone, p50 ms, / ours |\n|---|---|---|---|---|")
    for name, figures in peer.items():
        print(f"| plain Plone: {figures.name} ({name}) | {cells(figures)} | |")
    for kind, figures in ours(city):
        ratio = f"{peer[kind].quantile(0.5) / figures.quantile(0.5):.1f}" if peer else ""
        print(f"| {figures.name} | {cells(figures)} | {ratio} |", flush=True)


def program(environment: dict[str, str], *command: str) -> None:
    """Runs a program of this checkout to its end."""
    subprocess.run([str(HOME / "bin" / command[0]), *command[1:]], env=environment, check=True, stdout=sys.stderr)


@contextlib.contextmanager
def served(environment: dict[str, str], site: str) -> Iterator[None]:
    """The city with its one process."""
    with Path(environment["SARABAN_VAR"], "log", "serve.log").open("ab") as log:
        process = subprocess.Popen([str(HOME / "bin" / "serve")], env=environment, stdout=log, stderr=log)
        try:
            end = time.monotonic() + START_SECONDS
            while not answers(site) and time.monotonic() < end:
                time.sleep(0.2)
            yield
        finally:
            process.terminate()
            process.wait(60)


def count(environment: dict[str, str], city: City) -> None:
    """Lets a worker count what reports keep: as long as they count themselves, each is of its own moment."""
    with Path(environment["SARABAN_VAR"], "log", "worker.log").open("ab") as log:
        worker = subprocess.Popen([str(HOME / "bin" / "worker")], env=environment, stdout=log, stderr=log)
    director, begun = city.person("director"), datetime.now(UTC)

    def as_of() -> datetime:
        return datetime.fromisoformat(director("GET", f"/agencies/{HEAVY}/@reports").json["as_of"])

    try:
        while not begun < as_of() == as_of() and datetime.now(UTC) - begun < COUNTING:
            time.sleep(1)
    finally:
        worker.terminate()
        worker.wait(60)
    print(f"the figures of reports, with two minutes before they are begun: {datetime.now(UTC) - begun}", file=sys.stderr)


@contextlib.contextmanager
def storage(kind: str, folder: Path) -> Iterator[dict[str, str]]:
    """The environment of a city on a database of its own."""
    var = folder / kind
    var.mkdir(parents=True)
    port = free_port()
    environment = {
        **os.environ, "SARABAN_HOME": str(HOME), "SARABAN_VAR": str(var), "SARABAN_HOST": "127.0.0.1",
        "SARABAN_PORT": str(port), "SARABAN_SOLR_PORT": str(free_port()), "SARABAN_DEMO_PASSWORD": PASSWORD,
    }  # fmt: skip
    with contextlib.ExitStack() as stack:
        if kind == "postgresql":
            environment["SARABAN_DSN"] = f"{stack.enter_context(servers.postgresql())} dbname=postgres"
            (folder / "built").mkdir(exist_ok=True)
            environment["SARABAN_ZOPE_CONF"] = str(build_aside("postgresql", folder / "built", environment))
        yield environment


def run(given: argparse.Namespace) -> None:
    """All storages and sizes."""
    for kind in given.storage or ["sqlite", "postgresql"]:
        with storage(kind, Path(given.folder).resolve()) as environment:
            site = f"http://localhost:{environment['SARABAN_PORT']}/saraban"
            program(environment, "saraban", "create-site", "--city", "demo")
            for size in given.sizes.split(","):
                deliveries, entries = size.split(":")
                fill = str(Path(__file__).parent / "fill.py")
                program(environment, "testpy", fill, "--deliveries", deliveries, "--entries", entries)
                with served(environment, site):
                    count(environment, City(site, PASSWORD))
                    title = f"{kind}, {int(deliveries):,} deliveries, {int(entries):,} register entries"
                    measure(given, City(site, PASSWORD), title)


def main() -> None:
    """Reads what is wanted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("run", "measure"):
        one = commands.add_parser(name)
        one.add_argument("--peer", default="")
        one.add_argument("--peer-home", default="", help="its folder, with `up` and `down`: started and stopped here")
        one.add_argument("--peer-user", default="user-unit-01")
        one.add_argument("--peer-password", default="peer-only-password")
        one.add_argument("--peer-folder", default="unit-01")
    commands.choices["run"].add_argument("folder")
    commands.choices["run"].add_argument("--storage", action="append", choices=("sqlite", "postgresql"))
    commands.choices["run"].add_argument("--sizes", default="30000:100000,300000:1000000")
    commands.choices["measure"].add_argument("site")
    given = parser.parse_args()
    if given.peer_home:
        subprocess.run(["./up", "--storage", "sqlite"], cwd=given.peer_home, check=True, stdout=sys.stderr)
        given.peer = given.peer or f"http://localhost:{os.environ.get('PEER_PORT', '18480')}/Plone"
    try:
        if given.command == "run":
            run(given)
        else:
            measure(given, City(given.site, os.environ["SARABAN_DEMO_PASSWORD"]), given.site)
    finally:
        if given.peer_home:
            subprocess.run(["./down"], cwd=given.peer_home, check=False, stdout=sys.stderr)


if __name__ == "__main__":
    main()
