"""`bin/saraban announce` names who may log in here, and nobody else: a password in the environment makes no demo city."""

from __future__ import annotations

from dataclasses import replace

from tests.conftest import PASSWORD, City, run

KNOWN = """
from saraban.admin import announce
announce.ACCOUNTS += (("registrar.nowhere", "x"),)
print(announce.known({password!r}))
print(announce.known("not-" + {password!r}))
"""


def test_the_demo_accounts_of_a_demo_city(city: City) -> None:
    done = run(city, "saraban", "announce", "--seconds", "30", "--stop", "so it ends")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    port = city.environment["SARABAN_PORT"]
    assert lines[1] == f"  Saraban: http://localhost:{port}/saraban"
    assert f"  Demo accounts, password {PASSWORD}" in lines
    assert [line.split()[0] for line in lines if line.startswith("    ")][-2:] == ["site-admin", "auditor"]
    assert lines[-2] == "  so it ends"


def test_none_whose_password_it_is_not(city: City) -> None:
    other = replace(city, environment={**city.environment, "SARABAN_DEMO_PASSWORD": "not-this-one-9"})
    done = run(other, "saraban", "announce", "--seconds", "30")
    assert done.returncode == 0, done.stderr
    assert "Saraban: http" in done.stdout
    assert not [word for word in ("Demo", "registrar", "site-admin", "not-this-one-9") if word in done.stdout]


def test_none_who_is_not_in_this_site(city: City) -> None:
    done = run(city, "testpy", "-c", KNOWN.format(password=PASSWORD))
    assert done.returncode == 0, done.stderr
    found, none = done.stdout.splitlines()[-2:]
    assert "registrar.district-dusit" in found
    assert "registrar.nowhere" not in found
    assert none == "[]"
