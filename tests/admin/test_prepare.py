"""`instance/prepare packages`: what is missing is installed where that is allowed, else named in one exact line."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]


class Debian:
    """A machine with stand-ins for the programs that ask and change it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said = folder / "said"
        self.program("dpkg-query", 'case "$*" in *libmagic1*) echo "ii " ;; *) exit 1 ;; esac')
        self.program("apt-get", f'echo "apt-get $*" >>{self.said}')

    def program(self, name: str, body: str) -> None:
        """A stand-in on the path."""
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
        path.chmod(0o755)

    def user(self, number: int) -> None:
        """Who runs it."""
        self.program("id", f"echo {number}")

    def prepare(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Runs the script in this machine."""
        variables = {**os.environ, "PATH": f"{self.folder}:/usr/bin:/bin", "SARABAN_VAR": str(self.folder), **environment}
        return subprocess.run(
            [str(HOME / "instance" / "prepare"), "packages", *arguments],
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )


@pytest.fixture
def debian(tmp_path: Path) -> Debian:
    machine = Debian(tmp_path)
    machine.program("sudo", "exit 1")
    return machine


def test_who_may_not_install_is_told_the_exact_line(debian: Debian) -> None:
    debian.user(1000)
    done = debian.prepare()
    assert done.returncode == 1
    line = next(line.strip() for line in done.stderr.splitlines() if "apt-get install" in line)
    assert line.startswith("apt-get update && apt-get install -y ")
    packages = line.split("--no-install-recommends ")[1].split()
    assert {"build-essential", "pkg-config", "libmariadb-dev"} <= set(packages)
    assert "libmagic1" not in packages  # it is there
    assert not debian.said.exists()


def test_root_installs_what_is_missing(debian: Debian) -> None:
    debian.user(0)
    done = debian.prepare()
    assert done.returncode == 0, done.stderr
    assert "Installing Debian packages: build-essential" in done.stdout
    update, install = debian.said.read_text("utf-8").splitlines()
    assert update == "apt-get update -qq"
    assert "libmariadb-dev" in install
    assert "chromium" not in install


def test_sudo_is_used_where_it_asks_nothing(debian: Debian) -> None:
    debian.user(1000)
    debian.program("sudo", '[ "$1" = -n ] && exit 0; "$@"')
    done = debian.prepare()
    assert done.returncode == 0, done.stderr
    assert "apt-get install" in debian.said.read_text("utf-8")


def test_tests_need_a_browser_and_servers(debian: Debian) -> None:
    debian.user(1000)
    done = debian.prepare("test")
    for package in ("chromium", "mariadb-server", "postgresql"):
        assert f" {package}" in done.stderr


@pytest.mark.parametrize(("profile", "package"), [("postgresql", "postgresql-client"), ("mariadb", "mariadb-client")])
def test_a_server_profile_needs_its_client(debian: Debian, profile: str, package: str) -> None:
    debian.user(1000)
    assert f" {package}" in debian.prepare(SARABAN_PROFILE=profile).stderr


def test_nothing_missing_is_nothing_done(debian: Debian) -> None:
    debian.user(1000)
    debian.program("dpkg-query", 'echo "ii "')
    done = debian.prepare()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_unknown_profile_is_refused(debian: Debian) -> None:
    debian.user(0)
    done = debian.prepare(SARABAN_PROFILE="oracle")
    assert done.returncode == 2
    assert "development, postgresql, mariadb, production" in done.stderr


def test_a_long_path_still_gives_a_usable_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 60) / ("y" * 60)
    script = 'cd "$1"; . instance/environment; echo "$SARABAN_SOCKET"'
    done = subprocess.run(
        ["bash", "-euc", script, "-", str(HOME)], env={**os.environ, "SARABAN_VAR": str(deep)}, capture_output=True, text=True
    )
    socket = done.stdout.strip()
    assert socket.endswith(".sock")
    assert len(socket.encode()) <= 90
    assert os.stat(Path(socket).parent).st_mode & 0o077 == 0
