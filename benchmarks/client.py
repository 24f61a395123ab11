"""A light HTTP client for the benchmarks: it shares the machine's cores with what it measures."""

from __future__ import annotations

import base64
import http.client
import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

LETTER_TEXT = "ด้วยสำนักงานเขตมีความประสงค์ขอความอนุเคราะห์ข้อมูล " * 38
"""Some 1,900 characters."""


@dataclass(frozen=True)
class Answer:
    """A status (0 where none came), the content, and how many seconds it took."""

    status: int
    content: bytes
    seconds: float

    @property
    def ok(self) -> bool:
        """Was it done."""
        return 200 <= self.status < 300

    @property
    def json(self) -> Any:
        """The content of a JSON answer."""
        return json.loads(self.content)


class Person:
    """One person on one connection that stays open."""

    def __init__(self, site: str, user: str, password: str) -> None:
        self.address = urlsplit(site)
        basic = base64.b64encode(f"{user}:{password}".encode()).decode()
        self.headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/json"}
        self.connection: http.client.HTTPConnection | None = None

    def __call__(self, method: str, path: str, body: Any = None, accept: str = "application/json") -> Answer:
        """Asks; `path` is below the site, or an address that the site gave."""
        path = urlsplit(path).path if path.startswith("http") else self.address.path + path
        data = None if body is None else json.dumps(body).encode()
        begun = time.perf_counter()
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.address.hostname or "", self.address.port, timeout=120)
            self.connection.request(method, path, data, {**self.headers, "Accept": accept})
            response = self.connection.getresponse()
            status, content = response.status, response.read()
        except (OSError, http.client.HTTPException) as error:
            self.connection, status, content = None, 0, repr(error).encode()
        return Answer(status, content, time.perf_counter() - begun)


@dataclass
class Figures:
    """The answers of one piece of work."""

    name: str
    answers: list[Answer] = field(default_factory=list)
    wall: float = 0.0

    def quantile(self, part: float) -> float:
        """Milliseconds of the answers that succeeded."""
        good = sorted(answer.seconds for answer in self.answers if answer.ok)
        return good[min(len(good) - 1, int(len(good) * part))] * 1000 if good else float("nan")

    @property
    def rate(self) -> float:
        """Answers that succeeded, per second."""
        return sum(answer.ok for answer in self.answers) / self.wall if self.wall else 0.0

    @property
    def failed(self) -> int:
        """Answers that did not succeed."""
        return sum(not answer.ok for answer in self.answers)


Job = Callable[[Person, int, int], Answer | Sequence[Answer]]
"""What a person does: the person, the number of the client, the number of the turn. Several answers count each for itself."""


def together(name: str, people: Sequence[Person], turns: int, job: Job) -> Figures:
    """Everybody begins at the same instant and does the job so many times, each in a thread and on an open connection."""
    figures, lock = Figures(name), threading.Lock()
    start = threading.Barrier(len(people) + 1)

    def run(number: int, person: Person) -> None:
        person("GET", "/@health")
        start.wait()
        for turn in range(turns):
            made = job(person, number, turn)
            with lock:
                figures.answers += [made] if isinstance(made, Answer) else made

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(people)]
    for thread in threads:
        thread.start()
    start.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    figures.wall = time.perf_counter() - begun
    return figures
