"""A real Solr, started once in a run: a core for the demo city, and one with letters made for the tests."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import HOME, City, free_port, wait_until

from saraban.search import numbers
from saraban.search.answer import answer
from saraban.search.asker import Asker
from saraban.search.client import Solr
from saraban.search.documents import YEAR, unit_field
from saraban.search.found import Found
from saraban.search.wanted import read

LIBRARIES = HOME / "instance" / "solr" / "target" / "lib"


@dataclass
class Node:
    """A Solr process of the tests."""

    port: int
    data: Path
    process: subprocess.Popen[bytes] | None = field(default=None)
    environment: dict[str, str] = field(default_factory=dict)
    address: str = "127.0.0.1"

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/solr"

    def start(self, *, wait: bool = True) -> None:
        """Starts it, and waits until it answers."""
        assert LIBRARIES.is_dir(), "Solr is not built: instance/prepare test"
        options = ["-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dsaraban.core=saraban"]
        command = [
            "java",
            *options,
            "-cp",
            f"{LIBRARIES}/*",
            "saraban.solr.Start",
            str(HOME / "instance/solr/home"),
            str(self.data),
        ]
        log = (self.data.parent / f"solr-{self.port}.log").open("ab")
        command += [str(self.port), self.address]
        self.process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **self.environment})
        if wait:
            wait_until(self._answers, what="for Solr")

    def _answers(self) -> bool:
        """Whether it works; one that ended, as somebody had its port a moment ago, is started again as supervisor does."""
        assert self.process is not None
        if self.process.poll() is not None:
            self.start(wait=False)
        return Solr(self.url, "saraban").answers()

    def signal(self, number: signal.Signals) -> None:
        """Sends it a signal."""
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        """Kills it as a power cut does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(30)

    def stop(self) -> None:
        """Stops it in order."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """The Solr of this run."""
    made = Node(free_port(), tmp_path_factory.mktemp("solr") / "data")
    made.start()
    try:
        yield made
    finally:
        made.stop()


def solr_of(city: City) -> Node:
    """The Solr that the demo city looks for; each one that is started in a run goes on with the same index."""
    place = city.var.with_name(f"{city.var.name}-solr")
    place.mkdir(exist_ok=True)
    return Node(int(city.environment["SARABAN_SOLR_PORT"]), place / "data")


@pytest.fixture(scope="session")
def searching(city: City) -> Iterator[tuple[City, Node]]:
    """The demo city with its Solr."""
    made = solr_of(city)
    made.start()
    try:
        yield city, made
    finally:
        made.stop()


ME = Asker(("Authenticated", "user:dusit:desk"), ("district-dusit", "district-dusit.general"), ("district-dusit",))
"""A registrar of Dusit with an officer's post."""


def letter(uid: str, title: str = "", text: str = "", **more: Any) -> dict[str, Any]:
    """A letter's document with what a test says of it; `received` is a number or number by unit."""
    number = more.pop("number", "")
    received = more.pop("received", {})
    document: dict[str, Any] = {
        "uid": uid, "read_at": time.time_ns() // 1000, "path": f"/saraban/agencies/{uid}", "allowed": ["user:dusit:desk"],
        "type": "Letter", "kind": "internal", "urgency": "normal", "state": "dispatched", "agency": "district-dusit",
        "owner_unit": "district-dusit", "units": ["district-dusit"], "year": 2569, "created": "2026-01-05T00:00:00Z",
        "number": number, "number_forms": numbers.forms(number), "number_sort": numbers.sort_form(number),
        "title": title, "text": text,
    }  # fmt: skip
    for unit, sequence in received.items():
        name = unit_field(unit)
        document |= {
            f"receive_number_{name}": sequence,
            f"receive_year_{name}": 2569,
            f"receive_date_{name}": "2026-01-06T00:00:00Z",
            f"register_{name}": 2569 * YEAR + sequence,
        }
    return {name: value for name, value in (document | more).items() if value not in ("", [], None)}


class Desk:
    """Puts letters into the synthetic core, and asks."""

    def __init__(self, engine: Solr) -> None:
        self.engine = engine

    def hold(self, *letters: dict[str, Any]) -> None:
        """Only these letters are there."""
        self.engine.clear()
        self.engine.update(letters)

    def find(self, asker: Asker = ME, **form: Any) -> Found:
        """The answer to the parameters of `@find`; `sender` stands for `from`."""
        if "sender" in form:
            form["from"] = form.pop("sender")
        return answer(self.engine, read(form), asker)

    def uids(self, asker: Asker = ME, **form: Any) -> list[str]:
        """The UIDs of what is found, in order."""
        return [one.uid for one in self.find(asker, **form).hits]


@pytest.fixture(scope="session")
def synthetic(node: Node) -> Solr:
    """A core for made-up letters."""
    main = Solr(node.url, "saraban")
    main.cores("CREATE", name="synthetic", configSet="saraban")
    return Solr(node.url, "synthetic")


@pytest.fixture
def desk(synthetic: Solr) -> Desk:
    """The synthetic core, empty."""
    made = Desk(synthetic)
    made.hold()
    return made
