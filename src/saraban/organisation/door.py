"""The door: wrong passwords are counted by account and address, and ten within a quarter of an hour lock the pair.

The plugin stands first among the authenticators and asks the others itself, so that it knows what came of a password. A
right one costs one indexed read and no write.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from AccessControl.class_init import InitializeClass
from Acquisition import aq_base, aq_parent
from Products.PluggableAuthService.interfaces.plugins import IAuthenticationPlugin
from Products.PluggableAuthService.plugins.BasePlugin import BasePlugin
from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.orm import Session
from zope.globalrequest import getRequest
from zope.interface import implementer

from saraban.ledger import clock
from saraban.ledger.connection import alone, asking
from saraban.organisation.acting import address_of
from saraban.organisation.errors import AccountLocked
from saraban.organisation.memo import request_memo
from saraban.organisation.tables import LoginFailure

ATTEMPTS = 10
WINDOW = timedelta(minutes=15)
KEPT = timedelta(days=1)


def account(login: str) -> str:
    """The key under which an account's failures are counted: the login, or its digest when it is too long for the column."""
    login = login.strip().lower()
    return login if len(login) <= 64 else sha256(login.encode()).hexdigest()


_FAILURES = (
    select(LoginFailure.at)
    .where(LoginFailure.person == bindparam("person"), LoginFailure.address == bindparam("address"))
    .order_by(LoginFailure.at.desc())
    .limit(ATTEMPTS)
)
"""Asked in every request: built once."""


def locked_for(session: Session | Connection, login: str, address: str, at: datetime) -> int:
    """For how many seconds more an account is locked at an address; 0 when it is not."""
    times = [row.at for row in session.execute(_FAILURES, {"person": account(login), "address": address})]
    if len(times) < ATTEMPTS or times[0] - times[-1] > WINDOW:
        return 0
    left = times[0] + WINDOW - at
    return max(0, int(left.total_seconds() + 0.999))


def record_failure(session: Session, login: str, address: str, at: datetime) -> None:
    """Writes a wrong password down, and sweeps what is too old to count."""
    session.execute(delete(LoginFailure).where(LoginFailure.at < at - KEPT))
    session.add(LoginFailure(person=account(login), address=address, at=at))


def unlock(login: str, context: Any = None) -> int:
    """Forgets an account's wrong passwords at every address; answers how many there were."""
    with alone(context) as session:
        rows = session.scalars(select(LoginFailure).where(LoginFailure.person == account(login))).all()
        for row in rows:
            session.delete(row)
        return len(rows)


@implementer(IAuthenticationPlugin)
class Door(BasePlugin):
    """Asks the authenticators behind it, and counts."""

    meta_type = "Saraban Door"

    def __init__(self, id: str, title: str = "") -> None:
        self._setId(id)
        self.title = title

    # IAuthenticationPlugin
    def authenticateCredentials(self, credentials: dict[str, Any]) -> tuple[str, str] | None:  # noqa: N802
        """Who it is, or None; `AccountLocked` (429) where too many have failed."""
        login, password = credentials.get("login"), credentials.get("password")
        if not login or not password or not isinstance(login, str) or not isinstance(password, str):
            return None
        memo = request_memo("door")
        key = (login, password)
        if key not in memo:
            memo[key] = self._ask(login, credentials)
        # Whoever stands behind has been asked: a password is hashed once.
        credentials.clear()
        found: tuple[str, str] | None = memo[key]
        return found

    def _ask(self, login: str, credentials: dict[str, Any]) -> tuple[str, str] | None:
        address = address_of(getRequest())[:64]
        with asking(self) as connection:
            left = locked_for(connection, login, address, clock.now())
        if left:
            raise AccountLocked(left)
        folder = self._getPAS()
        found = _first(folder, credentials, beside=self)
        # An account of the Zope above this site is not ours to judge.
        if found is None and _first(_folder_above(folder), credentials) is None:
            with alone(self) as session:
                record_failure(session, login, address, clock.now())
        return found


def _first(folder: Any, credentials: dict[str, Any], beside: Any = None) -> tuple[str, str] | None:
    plugins = getattr(aq_base(folder), "plugins", None)
    if plugins is None:
        return None
    for _id, plugin in folder.plugins.listPlugins(IAuthenticationPlugin):
        if beside is not None and aq_base(plugin) is aq_base(beside):
            continue
        found = plugin.authenticateCredentials(dict(credentials))
        if found is not None and found[0] is not None:
            return found[0], found[1]
    return None


def _folder_above(folder: Any) -> Any:
    above = aq_parent(aq_parent(folder))
    return getattr(above, "acl_users", None)


InitializeClass(Door)
