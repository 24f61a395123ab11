"""The way to Solr: JSON over HTTP, with short times to wait, and a memory of when it was last away.

Where it is: SARABAN_SOLR_URL (default: this machine, SARABAN_SOLR_PORT) and SARABAN_SOLR_CORE.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import requests
from requests.adapters import HTTPAdapter

CONNECT_SECONDS = 0.5
"""For the connection, and for each piece of a question that is sent."""
READ_SECONDS = 5.0
UPDATE_SECONDS = 60.0
ACTIVE = 3
"""Solr's figure for an update log that is up to date; in a SolrCloud, where replicas see to it, there is none of this name."""
AWAY_SECONDS = 2.0
"""For so long nobody asks again after Solr did not answer: a search does not wait for what is known to be away."""

Parameters = Mapping[str, Any]
Document = dict[str, Any]


class SolrAway(Exception):
    """Solr did not answer, or not as a Solr that works."""


class SolrRefused(Exception):
    """Solr works and does not take this: a fault of ours."""


class Solr:
    """One core or collection of a Solr."""

    def __init__(self, url: str = "", core: str = "") -> None:
        self.base = (url or address()).rstrip("/")
        self.core = core or os.environ.get("SARABAN_SOLR_CORE", "saraban")
        self._local = threading.local()
        self._away_until = 0.0

    def beside(self, suffix: str) -> Solr:
        """The core of a rebuild, which stands beside this one."""
        return Solr(self.base, f"{self.core}_{suffix}")

    def rested(self) -> bool:
        """Whether it makes sense to ask: Solr was not found away a moment ago."""
        return time.monotonic() >= self._away_until

    def answers(self) -> bool:
        """Whether it works now; asks it, unless it was found away a moment ago."""
        if not self.rested():
            return False
        try:
            self.request("GET", f"{self.core}/admin/ping", timeout=1.0)
        except (SolrAway, SolrRefused):
            return False
        return True

    def ready(self) -> bool:
        """Whether it works and has read its log again after a crash: what it takes before, it may not show yet.

        Our own Solr opens its door only then; this is for one that is started otherwise.
        """
        if not self.answers():
            return False
        key = f"solr.core.{self.core}:TLOG.state"
        try:
            state = self.request("GET", "admin/metrics", params={"key": key, "wt": "json"}).get("metrics", {}).get(key)
        except (SolrAway, SolrRefused):
            return False
        return state in (None, ACTIVE)

    def find(self, parameters: Parameters, handler: str = "find") -> dict[str, Any]:
        """A question; parameters are `ask.py`'s, never a request's."""
        if not self.rested():
            raise SolrAway("it was away a moment ago")
        return self.request("POST", f"{self.core}/{handler}", data=parameters)

    def update(self, documents: Sequence[Document], *, visible: bool = True) -> None:
        """Writes documents; with `visible` they are found when this returns."""
        if documents:
            parameters = {"softCommit": "true"} if visible else {}
            self.request("POST", f"{self.core}/update", params=parameters, json=list(documents), timeout=UPDATE_SECONDS)

    def commit(self) -> None:
        """Writes to the disk and shows what was written."""
        self.request("POST", f"{self.core}/update", json={"commit": {}}, timeout=10 * UPDATE_SECONDS)

    def clear(self) -> None:
        """Takes every document out."""
        self.request("POST", f"{self.core}/update", params={"commit": "true"}, json={"delete": {"query": "*:*"}})

    def words(self, text: str) -> list[str]:
        """The words that Solr's dictionary sees in a text."""
        asked = {"analysis.fieldtype": "words", "analysis.query": text, "analysis.showmatch": "false", "wt": "json"}
        answer = self.request("POST", f"{self.core}/analysis/field", data=asked)
        steps = answer["analysis"]["field_types"]["words"].get("query", [])
        return [token["text"] for token in steps[-1]] if steps else []

    def cores(self, action: str, **parameters: str) -> dict[str, Any]:
        """The administration of cores."""
        asked = {"action": action, "wt": "json", **parameters}
        return self.request("GET", "admin/cores", params=asked, timeout=UPDATE_SECONDS)

    def request(self, method: str, path: str, *, timeout: float = READ_SECONDS, **options: Any) -> dict[str, Any]:
        """One exchange. Raises SolrAway or SolrRefused."""
        try:
            patience = (max(CONNECT_SECONDS, timeout / 10), timeout)
            answer = self._session().request(method, f"{self.base}/{path}", timeout=patience, allow_redirects=False, **options)
        except requests.RequestException as error:
            self._away_until = time.monotonic() + AWAY_SECONDS
            raise SolrAway(f"{type(error).__name__}") from error
        if answer.status_code >= 500 or answer.status_code in (401, 403, 404):
            self._away_until = time.monotonic() + AWAY_SECONDS
            raise SolrAway(_said(answer))
        if answer.status_code != 200:
            raise SolrRefused(_said(answer))
        self._away_until = 0.0
        try:
            found: dict[str, Any] = answer.json()
        except ValueError as error:
            raise SolrAway("not JSON") from error
        return found

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            # Solr is never behind the proxy of somebody's environment.
            session.trust_env = False
            session.mount("http://", HTTPAdapter(pool_connections=1, pool_maxsize=1))
            user = os.environ.get("SARABAN_SOLR_USER")
            if user:
                session.auth = (user, os.environ.get("SARABAN_SOLR_PASSWORD", ""))
            self._local.session = session
        return session


def _said(answer: requests.Response) -> str:
    """Status and Solr's own message, short: a question's words do not belong into a log."""
    try:
        message = str(answer.json()["error"]["msg"])
    except (ValueError, KeyError, TypeError):
        message = ""
    return f"{answer.status_code} {message[:300]}"


def address() -> str:
    """Where Solr listens, by the environment."""
    return os.environ.get("SARABAN_SOLR_URL") or f"http://127.0.0.1:{os.environ.get('SARABAN_SOLR_PORT', '8983')}/solr"


_SOLRS: dict[tuple[str, str], Solr] = {}


def solr() -> Solr:
    """The Solr of this process."""
    key = (address(), os.environ.get("SARABAN_SOLR_CORE", "saraban"))
    return _SOLRS.setdefault(key, Solr(*key))


def joined(values: Iterable[str]) -> str:
    """Values for Solr's `terms` with `TERMS`: no value holds the sign between them."""
    return SEPARATOR.join(value for value in values if SEPARATOR not in value)


SEPARATOR = "\x1f"
