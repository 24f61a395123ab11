"""`bin/saraban` and its subcommands, as somebody at a terminal meets them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from saraban.admin.main import COMMANDS

HOME = Path(__file__).resolve().parents[2]
PROMISED = ("create-site", "load", "check", "reindex", "verify-audit", "backup", "restore", "unlock")


def saraban(var: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program on an installation where nothing is yet."""
    environment = {**os.environ, "SARABAN_VAR": str(var)}
    return subprocess.run(
        [str(HOME / "bin" / "saraban"), *arguments], env=environment, capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize("command", sorted({*COMMANDS, *PROMISED}))
def test_help_of_each_subcommand(command: str, tmp_path: Path) -> None:
    done = saraban(tmp_path, command, "--help")
    assert done.returncode == 0, done.stderr
    assert f"usage: saraban {command}" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_help_names_them_all(tmp_path: Path) -> None:
    done = saraban(tmp_path, "--help")
    assert done.returncode == 0
    assert [command for command in COMMANDS if f"    {command}" not in done.stdout] == []


def test_an_unknown_subcommand_is_wrong_usage(tmp_path: Path) -> None:
    assert saraban(tmp_path, "explode").returncode == 2


def test_without_a_site_it_says_so(tmp_path: Path) -> None:
    done = saraban(tmp_path, "check")
    assert done.returncode == 1
    assert "bin/saraban create-site" in done.stderr


def test_there_is_nothing_to_back_up_yet(tmp_path: Path) -> None:
    done = saraban(tmp_path / "var", "backup", str(tmp_path / "backup"))
    assert done.returncode == 1
    assert "nothing to back up" in done.stderr


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("x")
    done = saraban(tmp_path / "var", "backup", str(tmp_path / "other"))
    assert done.returncode == 2
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["letter.txt"]
