"""Copies of the demo city that a test may break: restored from one backup of the running city."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import City, free_port, run


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
        return made

    return make
