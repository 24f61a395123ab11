"""Is it healthy? Few cheap readings, for `@health` and the administration page. Writes nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from ZODB.POSException import POSError

from saraban.ledger import leases, outbox
from saraban.ledger.connection import reader
from saraban.search.client import solr

OK = "ok"
DEGRADED = "degraded"
DOWN = "down"
HEARTBEAT = "worker"
"""The lease that the worker renews."""
LATE_SECONDS = 60.0
"""An index that is further behind is a worker that does not keep up."""


@dataclass(frozen=True)
class Health:
    """Each part is `ok`, `degraded` or `down`."""

    status: str
    zodb: str
    ledger: str
    search: str
    worker: str

    @property
    def http_status(self) -> int:
        """503 where nothing can be done without what is down; a late index or a missing Solr does not stop work."""
        return 503 if self.status == DOWN else 200

    def as_dict(self) -> dict[str, str]:
        """The answer of `@health`, and nothing else."""
        return asdict(self)


def health_of(site: Any) -> Health:
    """The site's health now."""
    zodb = _zodb(site)
    ledger, worker = _ledger_and_worker(site)
    search = OK if solr().answers() else DEGRADED
    return Health(_together(zodb, ledger, search, worker), zodb, ledger, search, worker)


def _together(zodb: str, ledger: str, search: str, worker: str) -> str:
    if DOWN in (zodb, ledger):
        return DOWN
    return OK if {zodb, ledger, search, worker} == {OK} else DEGRADED


def _zodb(site: Any) -> str:
    try:
        return OK if site._p_jar.root() is not None and "agencies" in site else DEGRADED
    except POSError:
        return DOWN


def _ledger_and_worker(site: Any) -> tuple[str, str]:
    try:
        with reader(site) as session:
            return OK, _worker(session)
    except DBAPIError:
        return DOWN, DOWN


def _worker(session: Session) -> str:
    if not leases.alive(session, HEARTBEAT):
        return DOWN
    return OK if outbox.lag(session) <= LATE_SECONDS else DEGRADED
