"""`kill -9` of the serving process under load, sixty times: nothing half done, nothing that was answered is lost.

    export SARABAN_VAR=… SARABAN_PORT=… SARABAN_DEMO_PASSWORD=… PYTHONPATH=benchmarks
    bin/testpy benchmarks/kill.py [--rounds 60] [--processes 2]

The city of SARABAN_VAR must be there (`bin/saraban create-site --city demo`) and not be served. In each round every process is
started, eight people create and dispatch, and after one to three seconds all processes are killed. At the end every answer is
looked for, and `bin/saraban check` and `verify-audit` judge.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from client import LETTER_TEXT, Person

AGENCY = "district-dusit"
RECEIVER = "permanent-secretary-secretariat"
BIN = Path(__file__).resolve().parents[1] / "bin"


def serve(number: int, log: Path) -> subprocess.Popen[bytes]:
    """A process of the site, answering so many ports above SARABAN_PORT."""
    port = str(int(os.environ["SARABAN_PORT"]) + number)
    with log.open("ab") as sink:
        process = subprocess.Popen([BIN / "serve"], env={**os.environ, "SARABAN_PORT": port}, stdout=sink, stderr=sink)
    address = f"http://127.0.0.1:{port}/saraban/@health"
    for _ in range(600):
        try:
            urllib.request.urlopen(address, timeout=5)
        except urllib.error.HTTPError:
            return process
        except OSError:
            time.sleep(0.1)
        else:
            return process
    raise SystemExit(f"process {number} does not answer")


def main() -> int:
    """Kills, then judges."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    password, port = os.environ["SARABAN_DEMO_PASSWORD"], int(os.environ["SARABAN_PORT"])
    log = Path(os.environ["SARABAN_VAR"]) / "kill.log"
    answered: list[tuple[str, str]] = []
    drafts: list[str] = []
    errors = 0

    def person(number: int) -> Person:
        site = f"http://127.0.0.1:{port + number % given.processes}/saraban"
        return Person(site, f"registrar.{AGENCY}", password)

    def write(number: int, over: threading.Event) -> None:
        nonlocal errors
        me = person(number)
        while not over.is_set():
            body = {"@type": "Letter", "kind": "internal", "title": "ทดสอบการหยุดกะทันหัน", "body": LETTER_TEXT}
            made = me("POST", f"/agencies/{AGENCY}/letters", body)
            if not made.ok:
                errors += made.status >= 400
                return
            drafts.append(made.json["@id"])
            sent = me("POST", f"{made.json['@id']}/@dispatch", {"recipients": [RECEIVER]})
            if not sent.ok:
                errors += sent.status >= 400
                return
            answered.append((made.json["@id"], sent.json["number"]))

    for turn in range(given.rounds):
        processes = [serve(number, log) for number in range(given.processes)]
        over = threading.Event()
        writers = [threading.Thread(target=write, args=(number, over)) for number in range(8)]
        for writer in writers:
            writer.start()
        time.sleep(random.uniform(1, 3))
        for process in processes:
            os.kill(process.pid, signal.SIGKILL)
        over.set()
        for writer in writers:
            writer.join()
        for process in processes:
            process.wait()
        print(f"round {turn + 1}: {len(answered)} dispatches answered so far", flush=True)

    process = serve(0, log)
    me = person(0)
    lost = [
        address for address, number in answered if (found := me("GET", address)).status != 200 or found.json["number"] != number
    ]
    gone = [address for address in drafts if me("GET", address).status != 200]
    numbers = [number for _, number in answered]
    process.terminate()
    process.wait()
    subprocess.run([BIN / "worker", "--once"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    check = subprocess.run([BIN / "saraban", "check"], capture_output=True, text=True)
    audit = subprocess.run([BIN / "saraban", "verify-audit"], capture_output=True, text=True)
    doubled = len(numbers) - len(set(numbers))
    print(f"{given.rounds} rounds, {given.processes} processes: {len(drafts)} drafts and {len(answered)} dispatches answered")
    print(f"lost: {len(gone)} drafts, {len(lost)} dispatches; numbers doubled: {doubled}; refused: {errors}")
    for name, judged in (("check", check), ("verify-audit", audit)):
        said = (judged.stdout.strip() or judged.stderr.strip()).splitlines()
        print(f"{name}: exit {judged.returncode}; {said[-1] if said else ''}")
    return int(bool(lost or gone or errors or check.returncode or audit.returncode or doubled))


if __name__ == "__main__":
    sys.exit(main())
