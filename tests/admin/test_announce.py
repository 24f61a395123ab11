"""`bin/saraban announce` names who may log in here, and nobody else: a password in the environment makes no demo city."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.conftest import PASSWORD, City, run


def announced(city: City, **environment: str) -> list[str]:
    other = replace(city, environment={**city.environment, **environment})
    done = run(other, "saraban", "announce", "--seconds", "30", "--stop", "so it ends")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[1] == f"  Saraban: http://localhost:{city.environment['SARABAN_PORT']}/saraban"
    assert lines[-2] == "  so it ends"
    return lines


def test_the_demo_accounts_of_a_demo_city(city: City) -> None:
    lines = announced(city)
    assert f"  Demo accounts, password {PASSWORD}" in lines
    assert [line.split()[0] for line in lines if line.startswith("    ")][-2:] == ["site-admin", "auditor"]


def test_with_the_password_that_they_have(city: City) -> None:
    """It was made with the accounts; another one in the environment since then opens nothing."""
    assert announced(city, SARABAN_DEMO_PASSWORD="not-this-one-9") == announced(city)


def test_none_where_there_is_no_demo_city(city: City, tmp_path: Path) -> None:
    told = "\n".join(announced(city, SARABAN_VAR=str(tmp_path)))
    assert not [word for word in ("Demo", "registrar", "site-admin", PASSWORD) if word in told]
