"""A real cluster of three nodes, two shards of two replicas, and one node after another killed while letters come and go.

    PYTHONPATH=benchmarks bin/testpy benchmarks/cluster.py CORPUS.jsonl.gz [--letters 1000] [--kills 3] [--port 8984]

ZooKeeper and the nodes run on this machine, in a directory that is removed afterwards. The same letters go into
one core of a single node: the order of what is found must be the same. Then letters are written and looked for without a
pause while nodes are killed and started again, and while the index is made anew and the alias moved. Exit code 1 when a
question stayed without answer from the nodes that live, or a letter that was taken is missing at the end.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from saraban.search import ask, places
from saraban.search.client import NotHere, Solr, SolrAway
from saraban.search.wanted import read
from search import OFFICER, Letters, makers, texts_of  # the benchmark beside this one

HOME = Path(__file__).resolve().parents[1] / "instance" / "solr"
CORE = "saraban"
BATCH = 50


class Cluster:
    """The processes."""

    def __init__(self, folder: Path, port: int, zookeeper: int, heap: str, number: int = 3) -> None:
        self.folder, self.heap = folder, heap
        self.zookeeper = zookeeper
        self.ports = [port + at for at in range(number)]
        self.running: dict[int, subprocess.Popen[bytes]] = {}

    @property
    def urls(self) -> str:
        """The nodes of the cluster."""
        return ",".join(f"http://127.0.0.1:{port}/solr" for port in self.ports)

    def _java(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = ["java", "-XX:+UseSerialGC", "-cp", f"{HOME}/target/lib/*", *arguments]
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log)

    def start(self) -> None:
        """Everything."""
        config = self.folder / "zoo.cfg"
        config.write_text(
            f"dataDir={self.folder}/zookeeper\nclientPort={self.zookeeper}\nclientPortAddress=127.0.0.1\ntickTime=1000\n"
            "admin.enableServer=false\n"
        )
        main = "org.apache.zookeeper.server.quorum.QuorumPeerMain"
        self.running[self.zookeeper] = self._java("zookeeper", "-Xmx100m", main, str(config))
        for port in self.ports:
            self.start_node(port)

    def start_node(self, port: int, cloud: bool = True) -> None:
        """One node; a single one without a cluster."""
        where = [f"-DzkHost=127.0.0.1:{self.zookeeper}"] if cloud else [f"-Dsaraban.core={CORE}"]
        options = [
            f"-Xmx{self.heap}",
            "-Dsaraban.log=INFO",
            *where,
            "saraban.solr.Start",
            f"{HOME}/home",
            f"{self.folder}/{port}",
            str(port),
        ]
        self.running[port] = self._java(f"node-{port}", *options)

    def kill(self, port: int) -> None:
        """As a power cut does."""
        self.running[port].kill()
        self.running[port].wait()

    def end(self) -> None:
        """Everything, nodes first."""
        for process in reversed(self.running.values()):
            process.kill()
            process.wait()


@dataclass
class Traffic:
    """Letters that are written and looked for, until told to stop."""

    engine: Solr
    letters: Letters
    stop: threading.Event = field(default_factory=threading.Event)
    written: list[int] = field(default_factory=list)
    refused: list[tuple[float, str]] = field(default_factory=list)
    """When writing had to wait for another try, and why."""
    found: list[tuple[float, float]] = field(default_factory=list)
    """When a question was answered, after how long, in seconds."""
    unanswered: list[tuple[float, str]] = field(default_factory=list)

    def write(self, first: int) -> None:
        """As the worker does: what is not taken is sent again."""
        n, beside = first, self.engine.beside("next")
        while not self.stop.is_set():
            documents = [self.letters.document(at) for at in range(n, n + 5)]
            try:
                if rebuilding.is_set():
                    with suppress(NotHere):
                        beside.update(documents, visible=False)
                self.engine.update(documents)
            except SolrAway as away:
                self.refused.append((time.monotonic(), str(away)))
                time.sleep(0.2)
                continue
            self.written += range(n, n + 5)
            n += 5

    def look(self, forms: list[dict[str, str]]) -> None:
        """As people do."""
        chance = random.Random(3)
        while not self.stop.is_set():
            began = time.monotonic()
            try:
                self.engine.find(ask.parameters(read(chance.choice(forms)), OFFICER))
                self.found.append((began, time.monotonic() - began))
            except SolrAway as away:
                self.unanswered.append((began, str(away)))
            time.sleep(0.05)


rebuilding = threading.Event()


def wait_for(engine: Solr, true: Any, seconds: float = 300.0) -> float:
    """How long it took until it was true."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        try:
            if true():
                return time.monotonic() - began
        except SolrAway:
            pass
        time.sleep(0.2)
    raise SystemExit(f"waited {seconds} s in vain")


def whole(engine: Solr) -> bool:
    """Whether every replica is active and answers by itself, for a while: ZooKeeper says "active" of what has just died."""
    for _turn in range(20):
        status = engine.administer("collections", "CLUSTERSTATUS")["cluster"]
        for collection in status["collections"].values():
            for shard in collection["shards"].values():
                for replica in shard["replicas"].values():
                    if replica["state"] != "active" or replica["node_name"] not in status["live_nodes"]:
                        return False
                    alone = {"q": "*:*", "rows": 0, "distrib": "false"}
                    Solr(replica["base_url"], replica["core"]).find(alone, handler="select")
        time.sleep(0.5)
    return True


def count(engine: Solr) -> int:
    """How many letters are found."""
    return int(engine.find({"q": "*:*", "rows": 0}, handler="select")["response"]["numFound"])


def order(engine: Solr, form: dict[str, str]) -> list[str]:
    """What is found, in its order."""
    parameters = ask.parameters(read(form), OFFICER)
    answer = engine.request("POST", f"{engine.core}/find", data=parameters, timeout=60)
    return [one["uid"] for one in answer["response"]["docs"]]


def fill(engine: Solr, letters: Letters, number: int) -> None:
    """Writes the first letters."""
    for start in range(0, number, BATCH):
        engine.update([letters.document(n) for n in range(start, min(number, start + BATCH))], visible=False, timeout=60)
    engine.commit()


def same_order(cluster: Cluster, engine: Solr, letters: Letters, number: int, forms: list[dict[str, str]]) -> None:
    """Compares with a single node."""
    port = cluster.ports[-1] + 1
    cluster.start_node(port, cloud=False)
    single = Solr(f"http://127.0.0.1:{port}/solr", CORE)
    wait_for(single, single.answers)
    fill(single, letters, number)
    sorts = ("relevance", "letter_number", "title", "letter_date")
    asked = [{**form, "sort_on": sort} for form in forms for sort in sorts]
    different = [form for form in asked if order(engine, form) != order(single, form)]
    print(f"{len(asked)} questions in {len(sorts)} orders: {len(different)} answered otherwise than by one core", flush=True)
    for form in different[:3]:
        print("   ", form)
    cluster.kill(port)


def report(traffic: Traffic, began: float, what: str) -> None:
    """Prints what people saw since a moment."""
    times = [1000 * seconds for at, seconds in traffic.found if at >= began]
    away = sum(at >= began for at, _why in traffic.unanswered)
    waits = [at for at, _why in traffic.refused if at >= began]
    longest = max(waits) - min(waits) if waits else 0.0
    p95 = statistics.quantiles(times, n=20)[18] if len(times) > 1 else sum(times)
    answered, times = len(times), times or [0.0]
    print(
        f"{what}: {answered} questions answered, p50 {statistics.median(times):.0f} p95 {p95:.0f} max {max(times):.0f} ms, "
        f"{away} not; writing waited for {longest:.1f} s",
        flush=True,
    )


def trial(cluster: Cluster, letters: Letters, number: int, kills: int) -> bool:
    """The whole of it; whether all was well."""
    engine = Solr(cluster.urls, CORE)
    wait_for(
        engine, lambda: len(engine.administer("collections", "CLUSTERSTATUS")["cluster"]["live_nodes"]) == len(cluster.ports)
    )
    places.make(engine)
    fill(engine, letters, number)
    chance = random.Random(1)
    make = list(makers().values())
    forms = [
        {"text": query.typed[:400]}
        for n in range(24)
        if (query := make[n % 2](letters, chance.randrange(number), chance)) is not None
    ]
    same_order(cluster, engine, letters, number, forms)
    traffic = Traffic(engine, letters)
    threads = [threading.Thread(target=traffic.write, args=(number,)), threading.Thread(target=traffic.look, args=(forms,))]
    for thread in threads:
        thread.start()
    try:
        began = time.monotonic()
        time.sleep(8)
        report(traffic, began, "all nodes alive")
        for port in cluster.ports[:kills]:
            began = time.monotonic()
            cluster.kill(port)
            time.sleep(20)
            report(traffic, began, f"{port} killed")
            began = time.monotonic()
            cluster.start_node(port)
            seconds = wait_for(engine, lambda: whole(engine))
            report(traffic, began, f"{port} back after {seconds:.0f} s")
        began = time.monotonic()
        other = engine.beside("next")
        places.make(other)
        rebuilding.set()
        fill(other, letters, number)
        before = list(traffic.written)
        for start in range(0, len(before), BATCH):
            other.update([letters.document(n) for n in before[start : start + BATCH]], visible=False, timeout=60)
        other.commit()
        places.take_the_place(other, engine)
        rebuilding.clear()
        time.sleep(2)
        report(traffic, began, "made anew and moved")
    finally:
        traffic.stop.set()
        for thread in threads:
            thread.join()
    engine.commit()
    total = number + len(traffic.written)
    print(
        f"{total} letters written, {count(engine)} found; reasons for waiting: {sorted({why for _at, why in traffic.refused})}"
    )
    if traffic.unanswered:
        print(f"not answered: {sorted({why for _at, why in traffic.unanswered})}")
    return count(engine) >= total and not traffic.unanswered


def main() -> int:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--letters", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=3, choices=range(4))
    parser.add_argument("--heap", default="300m")
    parser.add_argument("--port", type=int, default=8984, help="of the first node; three more ports follow")
    parser.add_argument("--zookeeper", type=int, default=9983, metavar="PORT")
    chosen = parser.parse_args()
    texts = list(texts_of(chosen.corpus))
    folder = Path(tempfile.mkdtemp(prefix="saraban-cluster-"))
    cluster = Cluster(folder, chosen.port, chosen.zookeeper, chosen.heap)
    try:
        cluster.start()
        well = trial(cluster, Letters(texts, 10**6), chosen.letters, chosen.kills)
    finally:
        cluster.end()
    shutil.rmtree(folder)
    return 0 if well else 1


if __name__ == "__main__":
    raise SystemExit(main())
