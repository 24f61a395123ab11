"""How fast the worker indexes what waits: the catalog, the short index and Solr together.

    SARABAN_VAR=… bin/testpy benchmarks/indexing.py CORPUS.jsonl.gz [--letters 1000] [--length 1900]

Loads letters while no worker runs, then lets one worker deal with them, and prints rows and letters per second. Solr must run
(`SARABAN_SOLR_PORT`); the worker of the city must be stopped.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BIN = Path(__file__).resolve().parents[1] / "bin"
AGENCY = "district-dusit"


def timed(*command: str | Path) -> float:
    """Seconds of a program."""
    begun = time.perf_counter()
    subprocess.run([*map(str, command)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun


def shortened(corpus: str, length: int, folder: str) -> Path:
    """The corpus with texts of at most so many characters."""
    made = Path(folder) / f"texts-{length}.jsonl.gz"
    with gzip.open(corpus, "rt", encoding="utf-8") as lines, gzip.open(made, "wt", encoding="utf-8") as out:
        for line in lines:
            one = json.loads(line)
            out.write(json.dumps(one | {"text": one["text"][:length]}, ensure_ascii=False) + "\n")
    return made


def main() -> int:
    """Loads, indexes, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("--letters", type=int, default=1000)
    parser.add_argument("--length", type=int, default=0, help="characters of a text at most; 0 takes them whole")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return run(str(shortened(given.corpus, given.length, folder)) if given.length else given.corpus, given.letters)


def run(corpus: str, letters: int) -> int:
    """Loads the letters of a file, indexes them, prints."""
    timed(BIN / "worker", "--once")
    empty = timed(BIN / "worker", "--once")  # its start alone
    loaded = subprocess.run(
        [BIN / "saraban", "load", corpus, "--to", AGENCY, "--limit", str(letters)], capture_output=True, text=True
    )
    line = next((line for line in loaded.stdout.splitlines() if " letters in " in line), "")
    made = int(line.split()[0]) if line else 0
    if not made:
        raise SystemExit(f"nothing was loaded: {loaded.stdout[-500:]}{loaded.stderr[-500:]}")
    took = timed(BIN / "worker", "--once") - empty
    print(line)
    print(f"indexed {made} letters in {took:.1f} s: {made / took:.0f} letters/s (catalog, short index and Solr)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
