"""What the tests of building and running share: a profile built aside, and copies of the demo city that a test may break."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import HOME, City, free_port, run


def build_aside(profile: str, folder: Path, environment: Mapping[str, str]) -> Path:
    """Builds the part `instance` of a profile into a folder; its zope.conf."""
    places = {
        "parts-directory": "parts",
        "bin-directory": "bin",
        "develop-eggs-directory": "develop",
        "installed": "installed.cfg",
    }
    options = [f"buildout:{name}={folder / place}" for name, place in places.items()]
    command = [str(HOME / ".venv" / "bin" / "buildout"), "-N", "-c", f"profiles/{profile}.cfg"]
    command += [f"buildout:directory={HOME}", *options, "install", "instance"]
    variables = {**os.environ, **environment, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, cwd=HOME, env=variables, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "parts" / "instance" / "etc" / "zope.conf"


@pytest.fixture(scope="session")
def backup(city: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the city, made while it runs."""
    folder = tmp_path_factory.mktemp("backup") / "city"
    done = run(city, "saraban", "backup", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def restored(city: City, backup: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], City]:
    """Makes a city of its own that nobody runs."""
    numbers = itertools.count()

    def make() -> City:
        var = tmp_path_factory.mktemp(f"copy{next(numbers)}")
        port = free_port()
        environment = {
            **city.environment,
            "SARABAN_VAR": str(var),
            "SARABAN_PORT": str(port),
            "SARABAN_SOLR_PORT": str(free_port()),
            "SARABAN_PROFILE": "development",
        }
        made = replace(city, url=f"http://localhost:{port}/saraban", var=var, environment=environment, clients={})
        done = run(made, "saraban", "restore", str(backup))
        assert done.returncode == 0, done.stdout + done.stderr
        # As an operator does it: the keys of secret letters and of the audit trail are in no backup.
        for key in ("secret-key", "audit-key"):
            assert not (var / key).exists()
            assert str(var / key) in done.stdout
            if (city.var / key).exists():
                shutil.copy2(city.var / key, var / key)
        return made

    return make


@pytest.fixture(scope="session")
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Two processes on one database of the kind that the test names (`pairs.Pair`)."""
    from tests.admin import pairs  # it stands on this module

    if request.param == "sqlite":
        city: City = request.getfixturevalue("city")
        with pairs.second(city) as other:
            yield pairs.Pair((city, other), lambda name: city)
    else:
        with pairs.on_server(request.param, tmp_path_factory.mktemp(request.param)) as found:
            yield found
