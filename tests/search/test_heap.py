"""More letters at once than a batch holds: Solr works on one while the worker reads the next, and nothing is lost between."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import City, run, wait_until
from tests.search.conftest import Node

from saraban.ledger.indexer import BATCH

AGENCY = "district-nong-chok"
WORD = "กองหนังสือที่ท่วมท้น"
LETTERS = 2 * BATCH + 30


def test_heap_is_found_and_equal_in_both_indexes(searching: tuple[City, Node], tmp_path: Path) -> None:
    city, _node = searching
    file = tmp_path / "heap.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        for number in range(LETTERS):
            letter = {"title": f"{WORD} ฉบับที่ {number}", "text": "เนื้อความ " * (number % 7), "date": "2026-11-02"}
            lines.write(json.dumps(letter, ensure_ascii=False) + "\n")
    loaded = run(city, "saraban", "load", str(file), "--to", AGENCY)
    assert loaded.returncode == 0, loaded.stderr

    def total() -> int:
        answer = city.client(f"registrar.{AGENCY}").get("/@find", params={"text": f'"{WORD}"'}).json()
        return int(answer["items_total"]) if answer["engine"] == "solr" else 0

    wait_until(lambda: total() == LETTERS, 60, "for the heap")
    compared = run(city, "saraban", "check", "--only", "search")
    assert compared.returncode == 0, compared.stdout
