"""A Solr that others may reach: with an account, or not at all."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
import requests
from tests.conftest import free_port
from tests.search.conftest import Node, letter

from saraban.search.client import NotHere, Solr

ACCOUNT = {"SARABAN_SOLR_USER": "saraban", "SARABAN_SOLR_PASSWORD": 'a "secret" %s'}


def test_nobody_is_answered_without_the_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node = Node(free_port(), tmp_path / "data", environment=ACCOUNT)
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(name, value)
    try:
        node.start()
        Solr(node.url).update([letter("a", "ทดสอบ")])
        assert Solr(node.url).find({"q": "uid:a"}, handler="select")["response"]["numFound"] == 1
        for path in ("saraban/select?q=*:*", "saraban/admin/ping", "admin/cores", "admin/info/system", "saraban/find"):
            assert requests.get(f"{node.url}/{path}", timeout=10).status_code == 401
        monkeypatch.setenv("SARABAN_SOLR_PASSWORD", "wrong")
        with pytest.raises(NotHere, match="401"):
            Solr(node.url).find({"q": "*:*"}, handler="select")
        secret = node.data / "home" / "security.json"
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
        assert "secret" not in secret.read_text()
    finally:
        node.stop()


def test_an_address_that_others_reach_needs_an_account(tmp_path: Path) -> None:
    node = Node(free_port(), tmp_path / "data", address="0.0.0.0", environment={"SARABAN_SOLR_USER": ""})
    node.start(wait=False)
    assert node.process is not None
    assert node.process.wait(120) == 77
