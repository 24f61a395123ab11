"""The programs under supervisor: started, kept running, stopped as an operator expects."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
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


def connections(port: int, processes: Collection[int]) -> list[int]:
    """How many connections at the port each of the processes has taken."""
    taken = [
        {line.split()[9] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if _is_open(line.split(), port)}
        & {link[len("socket:[") : -1] for link in _links(process)}
        for process in processes
    ]
    return [len(one) for one in taken]


def _is_open(fields: Sequence[str], port: int) -> bool:
    return fields[1].endswith(f":{port:04X}") and fields[3] == "01"


def _links(process: int) -> Iterator[str]:
    for name in Path(f"/proc/{process}/fd").iterdir():
        with suppress(OSError):  # closed since
            yield os.readlink(name)


def test_foreground(resting: City) -> None:
    """Two processes share the address; a killed one comes back while the other serves; one SIGTERM ends all programs."""
    log, login = resting.var / "run.log", f"{resting.url}/login"
    environment = {**resting.environment, "SARABAN_PROCESSES": "2"}
    with log.open("wb") as stream:
        main = subprocess.Popen([CONTROL, "run"], env=environment, stdout=stream, stderr=stream)
    try:
        wait_until(lambda: f"Saraban: {resting.url}" in log.read_text("utf-8"), what="for the address")
        assert f"password {resting.environment['SARABAN_DEMO_PASSWORD']}" in log.read_text("utf-8")
        first = wait_until(lambda: pids(resting) if len(pids(resting)) >= 4 else None)
        plones = [first["plone-0"], first["plone-1"]]
        assert control(resting, "start").returncode == 1  # it runs already

        def both_have_taken_some() -> bool:
            people = [requests.Session() for _ in range(16)]
            try:
                assert {person.get(login, timeout=60).status_code for person in people} == {200}
                return min(connections(int(environment["SARABAN_PORT"]), plones)) >= 4
            finally:
                for person in people:
                    person.close()

        wait_until(both_have_taken_some, what="for both processes to serve")
        os.kill(plones[0], signal.SIGKILL)
        assert {requests.get(login, timeout=30).status_code for _ in range(20)} == {200}
        second = wait_until(lambda: found if (found := pids(resting)).get("plone-0", plones[0]) != plones[0] else None)
        assert {**second, "plone-0": plones[0]} == first

        for name in ("plone-0", "plone-1"):
            os.kill(second[name], signal.SIGKILL)
        wait_until(lambda: answers(resting.url), what="for the new ones")
        last = wait_until(lambda: found if len(found := pids(resting)) == len(first) else None)
        main.send_signal(signal.SIGTERM)
        assert main.wait(60) == 0
    finally:
        if main.poll() is None:
            main.terminate()
            main.wait(60)
    assert not any(is_alive(pid) for pid in last.values())
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


@pytest.mark.parametrize(
    "setting", ["SARABAN_PORT=abc", "SARABAN_PORT=99999", "SARABAN_SOLR_PORT=0", "SARABAN_PROCESSES=-1", "SARABAN_THREADS=four"]
)
def test_a_setting_that_is_no_number(setting: str, tmp_path: Path) -> None:
    name, _equals, value = setting.partition("=")
    environment = {**os.environ, "SARABAN_VAR": str(tmp_path / "var"), name: value}
    done = subprocess.run([CONTROL, "start"], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2, done.stdout
    assert done.stderr.startswith(f"{name} is a whole number from ")
    assert not (tmp_path / "var").exists()
