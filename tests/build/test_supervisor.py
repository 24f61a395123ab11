"""The programs under supervisor: started, kept running, stopped as an operator expects."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from tests.conftest import City, answers, wait_until

HOME = Path(__file__).resolve().parents[2]
CONTROL = str(HOME / "instance" / "control")


def control(city: City, command: str) -> subprocess.CompletedProcess[str]:
    """instance/control, in the city's environment."""
    return subprocess.run([CONTROL, command], env=city.environment, capture_output=True, text=True, timeout=180)


def pids(city: City) -> dict[str, int]:
    """Program → process, of those that are up."""
    command = [str(HOME / "bin" / "supervisorctl"), "-c", str(HOME / "instance" / "supervisord.conf"), "status"]
    script = f'cd {HOME}; . instance/environment; exec "$@"'
    done = subprocess.run(
        ["bash", "-euc", script, "-", *command], env=city.environment, capture_output=True, text=True, timeout=60
    )
    lines = re.findall(r"^(?:\w+:)?([\w-]+) +(?:STARTING|RUNNING)(?: +pid (\d+))?", done.stdout, re.MULTILINE)
    return {name: _pid_of(city, name) if not pid else int(pid) for name, pid in lines}


def _pid_of(city: City, name: str) -> int:
    """The process of a program that is still starting: supervisor's own word for it is its log."""
    log = (city.var / "log" / "supervisord.log").read_text("utf-8")
    return int(re.findall(rf"spawned: '{re.escape(name)}' with pid (\d+)", log)[-1])


def is_alive(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def resting(restored: Callable[[], City]) -> Iterator[City]:
    """A city that nobody runs, and nobody runs after the test."""
    city = restored()
    (city.var / "created-development").touch()
    yield city
    control(city, "stop")


def test_foreground(resting: City) -> None:
    """All three programs start; a killed one comes back; one SIGTERM ends them all."""
    log = resting.var / "run.log"
    with log.open("wb") as stream:
        main = subprocess.Popen([CONTROL, "run"], env=resting.environment, stdout=stream, stderr=stream)
    try:
        wait_until(lambda: f"Saraban: {resting.url}" in log.read_text("utf-8"), what="for the address")
        assert f"password {resting.environment['SARABAN_DEMO_PASSWORD']}" in log.read_text("utf-8")
        first = wait_until(lambda: pids(resting) if len(pids(resting)) >= 3 else None)
        assert requests.get(f"{resting.url}/login", timeout=30).status_code == 200
        assert control(resting, "start").returncode == 1  # it runs already

        os.kill(first["plone-0"], signal.SIGKILL)
        wait_until(lambda: not answers(resting.url), what="for the killed one to be gone")
        wait_until(lambda: answers(resting.url), what="for the new one")
        second = pids(resting)
        assert second["plone-0"] != first["plone-0"]
        assert {name: second[name] for name in ("solr", "worker")} == {name: first[name] for name in ("solr", "worker")}

        main.send_signal(signal.SIGTERM)
        assert main.wait(60) == 0
    finally:
        if main.poll() is None:
            main.terminate()
            main.wait(60)
    assert not any(is_alive(pid) for pid in second.values())
    assert not answers(resting.url)
    assert not (resting.var / "supervisor.sock").exists()


def test_background(resting: City) -> None:
    """start, status, stop; a taken port is refused."""
    assert control(resting, "status").returncode == 3
    started = time.monotonic()
    done = control(resting, "start")
    assert done.returncode == 0, done.stdout + done.stderr
    assert time.monotonic() - started < 60
    assert "make stop ends it" in done.stdout
    assert control(resting, "status").returncode == 0

    elsewhere = {**resting.environment, "SARABAN_VAR": str(resting.var / "other")}
    refused = subprocess.run([CONTROL, "start"], env=elsewhere, capture_output=True, text=True, timeout=60)
    assert refused.returncode == 1
    assert "is taken" in refused.stderr

    running = pids(resting)
    assert control(resting, "stop").returncode == 0
    assert not any(is_alive(pid) for pid in running.values())
    assert control(resting, "stop").returncode == 0  # again: nothing to do
