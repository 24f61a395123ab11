"""Opens Zope for the programs: where this checkout keeps what, and a site with a user and a request."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

SITE = "saraban"
"""Id of the site: `http://localhost:8080/saraban`."""


def home() -> Path:
    """The checkout that this program belongs to."""
    return Path(os.environ["SARABAN_HOME"])


def var() -> Path:
    """Where the data of this installation lie, as an absolute path."""
    return Path(os.environ.get("SARABAN_VAR") or home() / "instance" / "var").resolve()


def zope_conf() -> Path:
    """The configuration that buildout wrote for the chosen profile."""
    return Path(os.environ.get("SARABAN_ZOPE_CONF") or home() / "parts" / "instance" / "etc" / "zope.conf")


def prepare_var() -> Path:
    """Makes the folders that Zope expects, for the owner and the group only."""
    place = var()
    os.environ["SARABAN_VAR"] = str(place)
    for folder in (place, place / "blobs", place / "cache", place / "database", place / "log"):
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    return place


def is_running() -> bool:
    """Whether supervisor runs the programs of this SARABAN_VAR."""
    try:
        os.kill(int((var() / "supervisord.pid").read_text()), 0)
    except (OSError, ValueError):
        return False
    return True


def log_to_stderr(level: int = logging.INFO) -> None:
    """Sends every record to standard error, where supervisor takes it."""
    logging.basicConfig(
        level=level, stream=sys.stderr, format="%(asctime)s %(levelname)-7s [%(name)s] [%(threadName)s] %(message)s", force=True
    )


@cache
def configure() -> None:
    """Loads Zope with all its products: once in a process, some seconds."""
    from Zope2.Startup.run import configure_wsgi

    prepare_var()
    configure_wsgi(str(zope_conf()))


@contextmanager
def application() -> Iterator[Any]:
    """Zope's root, in a transaction that is aborted at the end unless it was committed."""
    import transaction
    import Zope2
    from AccessControl.SecurityManagement import newSecurityManager, noSecurityManager
    from AccessControl.users import system
    from Testing.makerequest import makerequest
    from zope.component.hooks import setSite
    from zope.globalrequest import clearRequest, setRequest

    configure()
    app = makerequest(Zope2.app())
    setRequest(app.REQUEST)
    newSecurityManager(None, system)
    try:
        yield app
    finally:
        # First the site: aborting may take away the site whose utilities the indexing queue would ask for.
        setSite(None)
        transaction.abort()
        noSecurityManager()
        clearRequest()
        app._p_jar.close()


@contextmanager
def site() -> Iterator[Any]:
    """The site, current and with Saraban's layer on the request; the system's own user acts."""
    from zope.component.hooks import setSite
    from zope.interface import alsoProvides

    from saraban.interfaces import ISarabanLayer

    with application() as app:
        if SITE not in app:
            raise SystemExit("There is no site yet: bin/saraban create-site")
        found = app[SITE]
        setSite(found)
        alsoProvides(app.REQUEST, ISarabanLayer)
        yield found
