"""Work that only one process may do at a time: who holds it, and until when."""

from __future__ import annotations

import os
import socket
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from saraban.ledger import clock
from saraban.ledger.errors import LedgerBusy
from saraban.ledger.tables import Lease


def me() -> str:
    """This process, as leases name it."""
    return f"{os.getpid()}@{socket.gethostname()}"


def _is_gone(holder: str) -> bool:
    """Was it a process of this machine that has ended without releasing its lease?"""
    pid, _, host = holder.partition("@")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def locked(session: Session, name: str) -> Lease:
    """The lease's row, locked until the transaction ends; made at its first use."""
    query = select(Lease).where(Lease.name == name).with_for_update().execution_options(populate_existing=True)
    row = session.execute(query).scalar_one_or_none()
    if row is None:
        row = Lease(name=name, holder="", until=clock.now())
        session.add(row)
        try:
            session.flush()
        except IntegrityError as error:  # somebody made it at this moment
            raise LedgerBusy(f"lease {name}") from error
    return row


def hold(session: Session, name: str, seconds: float, holder: str = "") -> bool:
    """Takes or prolongs a lease; False while somebody else has it."""
    holder = holder or me()
    row = locked(session, name)
    now = clock.now()
    if row.holder not in ("", holder) and row.until > now and not _is_gone(row.holder):
        return False
    row.holder, row.until = holder, now + timedelta(seconds=seconds)
    session.flush()
    return True


def beat(session: Session, name: str, seconds: float) -> None:
    """Says that this process is alive; where several do the same work, any one of them will do."""
    row = locked(session, name)
    row.holder, row.until = me(), clock.now() + timedelta(seconds=seconds)
    session.flush()


def alive(session: Session, name: str) -> bool:
    """Is somebody's lease or heartbeat in force?"""
    row = seen(session, name)
    return row is not None and row.until > clock.now()


def release(session: Session, name: str, holder: str = "") -> None:
    """Lets the next one have it at once."""
    row = locked(session, name)
    if row.holder == (holder or me()):
        row.until = clock.now()
        session.flush()


def seen(session: Session, name: str) -> Lease | None:
    """The lease as it stands, without locking it."""
    return session.get(Lease, name)
