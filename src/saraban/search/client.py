"""The way to Solr: JSON over HTTP, with short times to wait, and a memory of when it was last away.

Where it is: SARABAN_SOLR_URL (default: this machine, SARABAN_SOLR_PORT), several addresses of one cluster with commas between
them; and SARABAN_SOLR_CORE.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth

CONNECT_SECONDS = 0.5
"""For the connection, and for each piece of a question that is sent."""
READ_SECONDS = 5.0
UPDATE_SECONDS = 15.0
"""A Solr that hangs keeps the worker for so long from writing the short index."""
ADMINISTRATION_SECONDS = 120.0
PING_SECONDS = 1.0
ACTIVE = 3
"""Solr's figure for an update log that is up to date; in a SolrCloud, where replicas see to it, there is none of this name."""
JSON_HEADERS = {"Content-Type": "application/json"}
AWAY_SECONDS = 2.0
"""For so long nobody asks again after Solr did not answer: a search does not wait for what is known to be away."""

Parameters = Mapping[str, Any]
Document = dict[str, Any]


class SolrAway(Exception):
    """Solr did not answer, or not as a Solr that works."""


class NotHere(SolrAway):
    """A node is up, and this question failed: nothing of that name is there, or no right to it, or it broke over it."""


class SolrRefused(Exception):
    """Solr works and does not take this: a fault of ours."""


class Node:
    """One address of Solr, and until when it is known to be away: what threads of a process share."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._lock = threading.Lock()
        self._away_until = 0.0
        self._failures = 0

    def rested(self) -> bool:
        """Whether it makes sense to ask: it was not found away a moment ago."""
        return time.monotonic() >= self._away_until

    def may_ask(self) -> bool:
        """Whether this thread may: of a node that was away only one at a time finds out whether it is back."""
        with self._lock:
            if not self.rested():
                return False
            if self._failures:
                self._away_until = time.monotonic() + AWAY_SECONDS
            return True

    def failed(self) -> None:
        """It did not answer."""
        with self._lock:
            self._failures += 1
            self._away_until = time.monotonic() + AWAY_SECONDS

    def worked(self) -> None:
        """It answered."""
        if self._failures:
            with self._lock:
                self._failures, self._away_until = 0, 0.0

    @property
    def suspect(self) -> bool:
        """Whether its last answer was none."""
        return self._failures > 0


class Solr:
    """One core of a Solr, or one collection of a cluster whose nodes are asked until one answers."""

    def __init__(self, urls: str = "", core: str = "") -> None:
        self.urls = urls or address()
        self.nodes = [Node(url) for url in self.urls.replace(",", " ").split()]
        self.core = core or core_name()
        self._local = threading.local()

    def beside(self, suffix: str) -> Solr:
        """The core of a rebuild, which stands beside this one."""
        other = Solr(self.urls, f"{self.core}_{suffix}")
        other.nodes = self.nodes
        return other

    def rested(self) -> bool:
        """Whether it makes sense to ask: some node was not found away a moment ago."""
        return any(node.rested() for node in self.nodes)

    def answers(self) -> bool:
        """Whether it works now; asks it, unless it was found away a moment ago."""
        try:
            self.request("GET", f"{self.core}/admin/ping", timeout=PING_SECONDS)
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
        return self.request("POST", f"{self.core}/{handler}", data=parameters)

    def update(self, documents: Sequence[Document], *, visible: bool = True, timeout: float = UPDATE_SECONDS) -> None:
        """Writes documents; with `visible` they are found when this returns."""
        if documents:
            parameters = {"softCommit": "true"} if visible else {}
            # Thai as it is takes half of the bytes that it takes escaped.
            body = json.dumps(list(documents), ensure_ascii=False).encode("utf-8", "replace")
            self.request("POST", f"{self.core}/update", params=parameters, data=body, headers=JSON_HEADERS, timeout=timeout)

    def commit(self) -> None:
        """Writes to the disk and shows what was written."""
        self.request("POST", f"{self.core}/update", json={"commit": {}}, timeout=ADMINISTRATION_SECONDS * 5)

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
        return self.administer("cores", action, **parameters)

    def administer(self, what: str, action: str, **parameters: str) -> dict[str, Any]:
        """The administration of `cores`, or of a cluster's `collections` and `configs`."""
        asked = {"action": action, "wt": "json", **parameters}
        return self.request("GET", f"admin/{what}", params=asked, timeout=ADMINISTRATION_SECONDS)

    def request(self, method: str, path: str, *, timeout: float = READ_SECONDS, **options: Any) -> dict[str, Any]:
        """One exchange with the first node that answers. Raises SolrAway or SolrRefused."""
        last = SolrAway("it was away a moment ago")
        # Nodes that worked come first, in the order of the setting: caches stay warm.
        for node in sorted(self.nodes, key=lambda node: node.suspect):
            if not node.may_ask():
                continue
            try:
                if node.suspect:
                    # One that hangs would keep a question waiting for all of its patience, again and again.
                    self._exchange(node, "GET", "admin/info/health", PING_SECONDS)
                found = self._exchange(node, method, path, timeout, **options)
            except NotHere as trouble:
                node.worked()
                last = trouble
            except SolrAway as away:
                node.failed()
                last = away
            else:
                node.worked()
                return found
        raise last

    def _exchange(self, node: Node, method: str, path: str, timeout: float, **options: Any) -> dict[str, Any]:
        patience = (max(CONNECT_SECONDS, timeout / 10), timeout)
        try:
            answer = self._session().request(method, f"{node.url}/{path}", timeout=patience, allow_redirects=False, **options)
        except requests.RequestException as error:
            raise SolrAway(f"{type(error).__name__}") from error
        if answer.status_code in (401, 403, 404, 500):
            raise NotHere(_said(answer))
        if answer.status_code > 500:
            raise SolrAway(_said(answer))
        if answer.status_code != 200:
            raise SolrRefused(_said(answer))
        try:
            found: dict[str, Any] = json.loads(answer.content)
        except ValueError as error:
            raise SolrAway("not JSON") from error
        return found

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            # Solr is never behind the proxy of somebody's environment.
            session.trust_env = False
            for scheme in ("http://", "https://"):
                session.mount(scheme, HTTPAdapter(pool_connections=len(self.nodes), pool_maxsize=1))
            user = os.environ.get("SARABAN_SOLR_USER")
            if user:
                session.auth = HTTPBasicAuth(user.encode(), os.environ.get("SARABAN_SOLR_PASSWORD", "").encode())
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
    """Where Solr listens, by the environment: one address or several."""
    return os.environ.get("SARABAN_SOLR_URL") or f"http://127.0.0.1:{os.environ.get('SARABAN_SOLR_PORT', '8983')}/solr"


def core_name() -> str:
    """The core, or the alias of a collection, by the environment."""
    return os.environ.get("SARABAN_SOLR_CORE") or "saraban"


_SOLRS: dict[tuple[str, str], Solr] = {}


def solr() -> Solr:
    """The Solr of this process."""
    key = (address(), core_name())
    return _SOLRS.setdefault(key, Solr(*key))


def joined(values: Iterable[str]) -> str:
    """Values for Solr's `terms` with `TERMS`: no value holds the sign between them."""
    return SEPARATOR.join(value for value in values if SEPARATOR not in value)


SEPARATOR = "\x1f"
