"""Known-item search: of letters that are there, how many are found by what people remember of them, and how fast.

    bin/testpy benchmarks/search.py CORPUS.jsonl.gz --solr http://127.0.0.1:8983/solr [--letters 100000] [--queries 500]
    … --letters 1000000 --length 900 --only latency --keep      a million, straight into Solr: within two hours on two cores

The letters are the texts of the corpus; beyond their number, recombined sentences of them. They go into a core of their own
beside the site's, made for the run and taken away after it; of one that was kept, what is there already is not sent again.
Queries are drawn at random, half of them for choosing weights and half for reporting; the seed decides. A query is answered
when any letter that contains what was typed stands first, or among the first ten. An officer with forty groups asks.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import requests

from saraban.search import ask, numbers
from saraban.search.answer import answer
from saraban.search.asker import Asker
from saraban.search.client import Solr, SolrAway
from saraban.search.typed import squeezed
from saraban.search.wanted import read
from saraban.thai.digits import to_thai

CORE = "benchmark"
BATCH = 500
FEEDERS = 3
"""Threads that send letters: Solr's two cores are never without work, and one waits."""
PROGRESS = 20_000
BULK_SECONDS = 600.0
"""A batch waits while Solr merges."""
LONGEST = 2500
"""Signs of a recombined text."""
GROUPS = tuple(f"user:unit-{number:02}:desk" for number in range(40))
OTHERS = tuple(f"user:unit-{number:02}:desk" for number in range(40, 77))
OFFICER = Asker(("Authenticated", *GROUPS), ("unit-00",), ("unit-00",))
CODES = ("กท 0403", "กท 0409.2", "กท 1203", "มท 0201.2", "กค (กวจ) 0405.2")


@dataclass(frozen=True)
class Text:
    """A text of the corpus."""

    day: date
    title: str
    text: str


class Letters:
    """Letter number `n`: a text of the corpus, or sentences of several, the same in each run."""

    def __init__(self, texts: list[Text], number: int, reader: str = "Reader", length: int = LONGEST) -> None:
        self.texts, self.number, self.reader, self.length = texts, number, reader, length

    @lru_cache(maxsize=4096)  # noqa: B019 - one object lives as long as the run
    def text(self, n: int) -> Text:
        """Its text."""
        if n < len(self.texts):
            one = self.texts[n]
            return one if self.length == LONGEST else replace(one, text=one.text[: self.length])
        chance = random.Random(n)
        first, *rest = chance.sample(self.texts, 4)
        lines = [
            line for one in (first, *rest) for line in chance.sample(one.text.split("\n"), k=min(3, one.text.count("\n") + 1))
        ]
        return Text(first.day, f"{chance.choice(rest).title[:60]} {first.title[-80:]} ที่ {n}", "\n".join(lines)[: self.length])

    @staticmethod
    def written(n: int) -> str:
        """Its number."""
        return f"{CODES[n % len(CODES)]}/{'ว ' if n % 7 == 0 else ''}{n + 1}"

    def document(self, n: int) -> dict[str, Any]:
        """As it is sent to Solr."""
        one, number = self.text(n), self.written(n)
        day = f"{one.day.isoformat()}T00:00:00Z"
        allowed = random.Random(n).choice(GROUPS)
        return {
            "uid": f"{n}", "read_at": time.time_ns() // 1000, "path": f"/{n}", "allowed": ["Head", self.reader, allowed],
            "type": "Letter", "kind": "external", "urgency": "normal", "state": "dispatched", "agency": "unit-00",
            "owner_unit": "unit-00", "units": ["unit-00"], "year": one.day.year + 543, "letter_date": day, "created": day,
            "number": number, "number_forms": numbers.forms(number), "number_sort": numbers.sort_form(number),
            "title": one.title, "sender": "สำนักนายกรัฐมนตรี", "text": f"{one.text}\n{number}",
        }  # fmt: skip

    def holds(self, n: int, pieces: list[str]) -> bool:
        """Whether the letter contains each of the pieces."""
        one = self.text(n)
        whole = (squeezed(one.title), squeezed(one.text))
        return all(any(squeezed(piece) in part for part in whole) for piece in pieces)


def texts_of(corpus: Path) -> Iterator[Text]:
    """The texts that have words."""
    with gzip.open(corpus, "rt", encoding="utf-8") as stream:
        for line in stream:
            one = json.loads(line)
            if len(squeezed(one["text"])) > 60 and len(squeezed(one["title"])) > 30:
                yield Text(date.fromisoformat(one["date"][:10]), one["title"][:1000], one["text"][:8000])


# What people remember


def fragment(text: str, least: int, most: int, chance: random.Random) -> str:
    """Characters out of a text, cut where a character can be seen alone."""
    visible = [at for at, sign in enumerate(text) if not _is_mark(sign)]
    start = chance.choice(visible[: max(1, len(visible) - least)])
    end = start + chance.randint(least, most)
    while end < len(text) and _is_mark(text[end]):
        end += 1
    return " ".join(text[start:end].split())


def _is_mark(sign: str) -> bool:
    return (
        sign in "\u0e31\u0e33\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e\u200b"
    )


def wrong(text: str, chance: random.Random) -> str:
    """One letter wrong, missing or twice."""
    at = chance.choice([at for at, sign in enumerate(text) if "ก" <= sign <= "ฮ"] or [0])
    return text[:at] + chance.choice(("", chance.choice("กนมรสทดบ"), text[at] * 2)) + text[at + 1 :]


@dataclass
class Query:
    """What is typed, and what it is meant for."""

    typed: str
    pieces: list[str]
    """Each of them stands in the letter."""
    letter: int


Maker = Callable[[Letters, int, random.Random], Query | None]


def rare_words(letters: Letters, n: int, chance: random.Random) -> list[str]:
    """Two long words of the dictionary, not beside each other."""
    words = list(dict.fromkeys(word for word in segment(letters.text(n).text[:1500]) if len(squeezed(word)) >= 5))
    return chance.sample(words, 2) if len(words) > 4 else []


segment: Callable[[str], list[str]]


def makers() -> dict[str, Maker]:
    """The kinds of queries of issue 5."""

    def title(letters: Letters, n: int, chance: random.Random) -> Query | None:
        piece = fragment(letters.text(n).title, 12, 25, chance)
        return Query(piece, [piece], n)

    def body(letters: Letters, n: int, chance: random.Random) -> Query | None:
        piece = fragment(letters.text(n).text, 20, 40, chance)
        return Query(piece, [piece], n)

    def two(letters: Letters, n: int, chance: random.Random) -> Query | None:
        words = rare_words(letters, n, chance)
        return Query(" ".join(words), words, n) if words else None

    def joined(letters: Letters, n: int, chance: random.Random) -> Query | None:
        words = rare_words(letters, n, chance)
        return Query("".join(words), words, n) if words else None

    def misspelt(letters: Letters, n: int, chance: random.Random) -> Query | None:
        piece = fragment(letters.text(n).title, 15, 25, chance)
        return Query(wrong(piece, chance), [piece], n)

    def number(letters: Letters, n: int, chance: random.Random) -> Query | None:
        written = letters.written(n)
        typed = chance.choice((written, to_thai(written), written.replace(" ", ""), to_thai(written.replace("/", " / "))))
        return Query(typed, [], n)

    return {
        "title fragment": title, "body fragment": body, "two rare words": two, "two words without a space": joined,
        "one wrong letter": misspelt, "number": number,
    }  # fmt: skip


def place(letters: Letters, query: Query, engine: Solr) -> tuple[int | None, bool]:
    """At which place a right letter stands among the first ten, and whether anything was found."""
    found = answer(engine, read({"text": query.typed[:400], "b_size": "10"}), OFFICER)
    for at, one in enumerate(found.hits, 1):
        n = int(one.uid)
        if n == query.letter or (query.pieces and letters.holds(n, query.pieces)):
            return at, True
    return None, bool(found.hits)


def recall(letters: Letters, engine: Solr, number: int, seed: int, show: bool) -> None:
    """Prints a line for each kind of query and half."""
    print(f"{'query':<28}{'half':<9}{'asked':>6}{'first %':>9}{'ten %':>8}{'none %':>8}{'p50 ms':>8}{'p95 ms':>8}")
    for name, make in makers().items():
        chance = random.Random(f"{seed} {name}")
        queries: list[Query] = []
        while len(queries) < number:
            query = make(letters, chance.randrange(letters.number), chance)
            if query is not None and len(squeezed(query.typed)) >= 3:
                queries.append(query)
        for half, part in (("choosing", queries[::2]), ("report", queries[1::2])):
            places, times = [], []
            for query in part:
                began = time.perf_counter()
                places.append(place(letters, query, engine))
                times.append((time.perf_counter() - began) * 1000)
            if show:
                for query, (at, _any) in zip(part, places, strict=True):
                    if at is None:
                        print(f"    {query.typed!r} of letter {query.letter}")
            first = sum(at == 1 for at, _any in places)
            ten = sum(at is not None for at, _any in places)
            none = sum(not found for _at, found in places)
            shares = "".join(f"{100 * share / len(part):>{width}.1f}" for share, width in ((first, 9), (ten, 8), (none, 8)))
            print(f"{name:<28}{half:<9}{len(part):>6}{shares}{_at(times, 50):>8.0f}{_at(times, 95):>8.0f}", flush=True)


def _at(times: list[float], percent: int) -> float:
    return statistics.quantiles(times, n=100)[percent - 1]


def forms_of(letters: Letters, number: int, seed: int) -> list[dict[str, str]]:
    """What people ask: pieces of subjects and texts, and pairs of words; a page of 25 with fragments and five facets."""
    chance = random.Random(seed)
    make = list(makers().values())[:3]
    forms: list[dict[str, str]] = []
    while len(forms) < number:
        query = chance.choice(make)(letters, chance.randrange(letters.number), chance)
        if query is not None:
            forms.append({"text": query.typed[:400], "facets": "kind,year,unit,urgency,state"})
    return forms


def many(one: Callable[[dict[str, str]], tuple[float, float]], forms: list[dict[str, str]], clients: int, what: str) -> None:
    """Asks from several clients at once; prints how long the whole and Solr's part took. No answer counts as a failure."""

    def safe(form: dict[str, str]) -> tuple[float, float] | None:
        try:
            return one(form)
        except (SolrAway, requests.RequestException):
            return None

    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(safe, forms[:50]))
        began = time.perf_counter()
        answers = list(pool.map(safe, forms))
        seconds = time.perf_counter() - began
    times = [pair for pair in answers if pair is not None]
    line = f"{what}, {clients} clients:"
    for name, values in (("whole", [pair[0] for pair in times]), ("in Solr", [pair[1] for pair in times])):
        if any(values):
            line += f" {name} p50 {_at(values, 50):.0f} p95 {_at(values, 95):.0f} ms,"
    print(f"{line} {len(forms) / seconds:.0f}/s, {len(forms) - len(times)} failed", flush=True)


def latency(letters: Letters, engine: Solr, clients: int, number: int, seed: int) -> None:
    """How long a question takes as the site's process sees it."""

    def one(form: dict[str, str]) -> tuple[float, float]:
        began = time.perf_counter()
        found = engine.find(ask.parameters(read(form), OFFICER))
        return (time.perf_counter() - began) * 1000, float(found["responseHeader"]["QTime"])

    many(one, forms_of(letters, number, seed), clients, "question")


def over_rest(letters: Letters, site: str, user: str, clients: int, number: int, seed: int) -> None:
    """How long `@find` takes, of a site whose Solr this is (SARABAN_SOLR_CORE=benchmark)."""
    local = threading.local()

    def one(form: dict[str, str]) -> tuple[float, float]:
        if not hasattr(local, "session"):
            local.session = requests.Session()
            local.session.auth = (user, os.environ["SARABAN_DEMO_PASSWORD"])
        began = time.perf_counter()
        answer = local.session.get(f"{site}/@find", params=form, headers={"Accept": "application/json"}, timeout=60)
        milliseconds = (time.perf_counter() - began) * 1000
        if answer.status_code != 200 or answer.json()["engine"] != "solr":
            raise requests.RequestException(answer.text[:200])
        return milliseconds, 0.0

    many(one, forms_of(letters, number, seed), clients, "@find over HTTP")


def give_posts(site: str, user: str) -> None:
    """Appoints the person to forty units, as the site's administrator."""
    admin = requests.Session()
    admin.auth = ("site-admin", os.environ["SARABAN_DEMO_PASSWORD"])
    admin.headers["Accept"] = "application/json"
    agencies = admin.get(f"{site}/agencies", params={"b_size": 60}, timeout=60).json()["items"]
    made = 0
    for agency in agencies:
        body = {"person": user, "unit": agency["@id"].rpartition("/")[2], "function": "officer", "post_th": "เจ้าหน้าที่"}
        made += admin.post(f"{agency['@id']}/@appointments", json=body, timeout=60).status_code == 201
        if made == len(GROUPS):
            break
    print(f"{user} was appointed to {made} units")


def heap(engine: Solr) -> None:
    """Prints what Solr holds in memory."""
    keys = ["solr.jvm:memory.heap.used", "solr.jvm:memory.heap.max"]
    found = engine.request("GET", "admin/metrics", params={"key": keys, "wt": "json"})["metrics"]
    used, most = (found[key] / 2**20 for key in keys)
    print(f"heap {used:.0f} of {most:.0f} MB")


def fill(letters: Letters, engine: Solr) -> None:
    """Indexes the letters that are not there yet, and commits when all are; stopped, it goes on where it was."""
    starts = list(range(0, letters.number, BATCH))
    if count(engine, "*:*"):
        engine.commit()
        starts = [start for start in starts if not stand(letters, engine, start)]
    if not starts:
        return
    began = time.perf_counter()
    behind = 0

    def feed(start: int) -> None:
        nonlocal behind
        documents = [letters.document(n) for n in range(start, min(start + BATCH, letters.number))]
        engine.update(documents, visible=False, timeout=BULK_SECONDS)
        behind += len(documents)
        if behind % PROGRESS < BATCH:
            print(f"{behind} letters, {behind / (time.perf_counter() - began):.0f}/s", flush=True)

    with ThreadPoolExecutor(FEEDERS) as pool:
        list(pool.map(feed, starts))
    engine.commit()
    seconds = time.perf_counter() - began
    size = engine.cores("STATUS", core=engine.core)["status"][engine.core]["index"]["sizeInBytes"]
    each = size / letters.number / 1000
    print(f"{behind} of {letters.number} letters in {seconds:.0f} s, {behind / seconds:.0f}/s, {each:.1f} KB each")


def stand(letters: Letters, engine: Solr, start: int) -> bool:
    """Whether the letters of this batch are there."""
    numbers_of = range(start, min(start + BATCH, letters.number))
    return count(engine, f"{{!terms f=uid}}{','.join(map(str, numbers_of))}") == len(numbers_of)


def count(engine: Solr, query: str) -> int:
    """How many documents there are."""
    return int(engine.find({"q": query, "rows": 0}, handler="select")["response"]["numFound"])


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--solr", required=True, metavar="URL")
    parser.add_argument("--letters", type=int, default=0, help="so many letters (as many as there are texts)")
    parser.add_argument("--queries", type=int, default=400, help="of each kind (400)")
    parser.add_argument("--length", type=int, default=LONGEST, help="signs of a text at most (the corpus's own, and 2500)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misses", action="store_true", help="say which queries were not answered")
    parser.add_argument("--only", choices=("recall", "latency"))
    parser.add_argument(
        "--site", metavar="URL", help="also over HTTP, of a site with SARABAN_SOLR_CORE=benchmark and this Solr"
    )
    parser.add_argument("--user", default="officer.district-dusit", help="who asks over HTTP; may read every letter")
    parser.add_argument("--keep", action="store_true", help="keep the core, and use one that was kept")
    chosen = parser.parse_args()
    texts = list(texts_of(chosen.corpus))
    letters = Letters(texts, chosen.letters or len(texts), f"user:{chosen.user}", chosen.length)
    engine = Solr(chosen.solr, CORE)
    global segment
    segment = engine.words
    if not engine.cores("STATUS", core=CORE)["status"].get(CORE):
        engine.cores("CREATE", name=CORE, configSet="saraban")
    fill(letters, engine)
    try:
        if chosen.only != "latency":
            recall(letters, engine, chosen.queries, chosen.seed, chosen.misses)
        if chosen.only != "recall":
            for clients in (1, 8):
                latency(letters, engine, clients, chosen.queries, chosen.seed)
            heap(engine)
        if chosen.site:
            give_posts(chosen.site, chosen.user)
            for clients in (1, 8):
                over_rest(letters, chosen.site, chosen.user, clients, chosen.queries, chosen.seed)
    finally:
        if not chosen.keep:
            engine.cores("UNLOAD", core=CORE, deleteInstanceDir="true")


if __name__ == "__main__":
    main()
