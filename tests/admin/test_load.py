"""`bin/saraban load`: letters of a file in a receive register, each once."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import City, run

CLOSING = re.compile(r"^(\d+) letters in ([\d.]+) s, ([\d.]+) letters/s, (\d+) refused$")
AGENCY = "district-dusit"
LETTERS = [
    {
        "title": "ขอเชิญประชุม",
        "text": "ด้วยกระทรวงมหาดไทย …",
        "date": "2026-01-05",
        "number": "มท 0211/12",
        "sender": "กระทรวงมหาดไทย",
        "files": ["scan.txt"],
    },
    {"title": "ขอข้อมูล", "text": "เนื้อหา", "date": "2026-01-06", "urgency": "very-urgent"},
    {"title": "ปีพุทธศักราช", "text": "", "date": "2569-01-06"},
    "this is not JSON",
    {"title": "ไฟล์ว่าง", "text": "", "date": "2026-01-06", "files": ["empty.txt"]},
    {"title": "ไฟล์หาย", "text": "", "date": "2026-01-06", "files": ["nowhere.pdf"]},
    {"title": "ขอเชิญประชุม อีกครั้ง", "text": "", "date": "2026-01-05", "number": "มท ๐๒๑๑/๑๒", "sender": "กระทรวงมหาดไทย"},
    {"title": "เรื่องสุดท้าย", "text": "เนื้อหา", "date": "2026-01-07"},
]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The letters, as JSON Lines, packed."""
    folder = tmp_path_factory.mktemp("letters")
    (folder / "scan.txt").write_text("ภาพสแกน", "utf-8")
    (folder / "empty.txt").touch()
    lines = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in LETTERS]
    with gzip.open(folder / "letters.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.write("\n".join(lines) + "\n\n")
    return folder / "letters.jsonl.gz"


@pytest.fixture(scope="module")
def loaded(restored: Callable[[], City]) -> City:
    return restored()


def subjects(city: City) -> list[tuple[int, str]]:
    """The agency's receive register."""
    with sqlite3.connect(city.var / "database" / "main.sqlite3") as connection:
        query = "SELECT seq, subject FROM register_entry WHERE book = ? ORDER BY seq"
        return list(connection.execute(query, (f"{AGENCY}/receive/letters",)))


def closing(output: str) -> tuple[int, int]:
    """Letters and refusals of the last line."""
    found = CLOSING.match(output.splitlines()[-1])
    assert found, output
    return int(found[1]), int(found[4])


def test_each_letter_is_registered_once(loaded: City, file: Path) -> None:
    before = subjects(loaded)
    done = run(loaded, "saraban", "load", str(file), "--to", AGENCY)
    assert closing(done.stdout) == (3, 4), done.stderr
    assert done.returncode == 3
    refused = {int(number): text for number, text in re.findall(r"^line (\d+): (.+)$", done.stdout, re.MULTILINE)}
    assert sorted(refused) == [3, 4, 5, 6]
    assert refused[3].startswith("letter_date:")
    assert "nowhere.pdf" in refused[6]
    fresh = subjects(loaded)[len(before) :]
    assert [subject for _seq, subject in fresh] == ["ขอเชิญประชุม", "ขอข้อมูล", "เรื่องสุดท้าย"]
    assert [seq for seq, _subject in subjects(loaded)] == list(range(1, len(before) + 4))

    again = run(loaded, "saraban", "load", str(file), "--to", AGENCY)
    assert closing(again.stdout) == (0, 4)
    assert subjects(loaded) == before + fresh


def test_the_result_is_consistent(loaded: City) -> None:
    done = run(loaded, "saraban", "check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_only_the_first_lines(restored: Callable[[], City], file: Path) -> None:
    city = restored()
    done = run(city, "saraban", "load", str(file), "--to", AGENCY, "--limit", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert closing(done.stdout) == (2, 0)


@pytest.mark.parametrize(
    "arguments",
    [("nowhere.jsonl", "--to", AGENCY), (__file__, "--to", "district-of-nowhere"), (__file__, "--to", AGENCY, "--limit", "-3")],
)
def test_wrong_usage(loaded: City, arguments: tuple[str, ...]) -> None:
    assert run(loaded, "saraban", "load", *arguments).returncode == 2


def test_a_packed_file_that_is_none_or_cut_off(loaded: City, file: Path, tmp_path: Path) -> None:
    packed = file.read_bytes()
    for name, content in (("cut", packed[: len(packed) // 2]), ("none", b"no gzip"), ("broken", packed[:-8] + bytes(8))):
        wrong = tmp_path / f"{name}.jsonl.gz"
        wrong.write_bytes(content)
        done = run(loaded, "saraban", "load", str(wrong), "--to", AGENCY)
        assert done.returncode == 1, (name, done.stdout, done.stderr)
        assert "cannot be read to its end" in done.stdout
        assert CLOSING.match(done.stdout.splitlines()[-1]), done.stdout
        assert "Traceback" not in done.stderr


def test_a_line_that_is_nested_without_end(loaded: City, tmp_path: Path) -> None:
    deep = tmp_path / "deep.jsonl"
    deep.write_text("[" * 200_000 + "\n")
    done = run(loaded, "saraban", "load", str(deep), "--to", AGENCY)
    assert (done.returncode, closing(done.stdout)) == (3, (0, 1))
