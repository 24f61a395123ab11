"""Nothing is installed in a version that nobody chose."""

from __future__ import annotations

import re
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
PROFILES = ("development", "postgresql", "mariadb", "production")
SCRIPTS = (
    "instance",
    "saraban",
    "serve",
    "worker",
    "supervisord",
    "supervisorctl",
    "py",
    "testpy",
    "pytest",
    "mypy",
    "alembic",
)


def normal(name: str) -> str:
    """A distribution's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins() -> dict[str, str]:
    """Name → version of `profiles/versions.cfg`."""
    parser = RawConfigParser()
    parser.read(HOME / "profiles" / "versions.cfg", encoding="utf-8")
    return {normal(name): version for name, version in parser["versions"].items()}


def bootstrap() -> dict[str, str]:
    """Name → version of what is installed before buildout."""
    lines = (HOME / "profiles" / "bootstrap.txt").read_text("utf-8").splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {normal(name): version for name, version in pairs}


def eggs(script: str) -> dict[str, str]:
    """Name → version of the eggs on a script's path."""
    found = re.findall(r"/eggs/v\d+/([^/']+?)-([^/'-]+)-py3[^/']*\.egg'", (HOME / "bin" / script).read_text("utf-8"))
    return {normal(name): version for name, version in found}


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_egg_has_its_pin(script: str) -> None:
    chosen = pins() | bootstrap()
    used = eggs(script)
    assert used
    assert {name: version for name, version in used.items() if chosen.get(name) != version} == {}


def test_a_pin_is_one_exact_version() -> None:
    assert [version for version in pins().values() if not re.fullmatch(r"[0-9][0-9A-Za-z.]*", version)] == []


def test_bootstrap_agrees_with_the_pins() -> None:
    chosen = pins()
    assert {name: version for name, version in bootstrap().items() if chosen.get(name) not in (None, version)} == {}


@pytest.mark.parametrize("profile", PROFILES)
def test_buildout_refuses_to_pick(profile: str) -> None:
    command = [str(HOME / ".venv" / "bin" / "buildout"), "-c", f"profiles/{profile}.cfg", f"buildout:directory={HOME}"]
    done = subprocess.run([*command, "annotate", "buildout"], cwd=HOME, capture_output=True, text=True, timeout=120)
    settings = dict(re.findall(r"^([\w-]+)= *(\S*)$", done.stdout, re.MULTILINE))
    assert settings["allow-picked-versions"] == "false", done.stdout + done.stderr
    assert settings["newest"] == "false"
    assert settings["versions"] == "versions"


def test_every_direct_dependency_is_explained() -> None:
    text = (HOME / "docs" / "dependencies.md").read_text("utf-8").lower()
    named = re.findall(r'^ {8,12}"([A-Za-z0-9._-]+)",$', (HOME / "setup.py").read_text("utf-8"), re.MULTILINE)
    assert named
    assert [name for name in named if name.lower() not in text] == []
