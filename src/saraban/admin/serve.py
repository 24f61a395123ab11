"""`bin/serve`: Plone behind waitress, on SARABAN_HOST and SARABAN_PORT."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import random
import re
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence, Sized
from functools import partial
from typing import Any
from wsgiref.util import setup_testing_defaults

from saraban.admin import boot, storage
from saraban.admin.compiling import compile_in_turn
from saraban.admin.turns import Turns

log = logging.getLogger("saraban.serve")

LARGEST_BODY = 150 * 1024 * 1024
"""One file of 100 MB in base64 (134 MB), and the JSON around it."""
RETRY_SECONDS = 0.05
"""How long a request that met a conflict waits at most before its second try; twice that before the third."""
RETRIES = 5
"""How often a request is tried again that met a conflict each time; together they wait a second and a half, three at most."""
NO_LETTER = "\ufffd"
"""Stands in an address for what is no text."""
_HOST = re.compile(r"[A-Za-z0-9._:\[\]-]*")
COURTESY, MANY = 0.0025, 8
"""A process that shares its address lets others take the next connection first: half so many seconds if it has so many."""
PATIENCE = 20
"""Seconds that running requests get to finish when the program is told to stop."""


def settings(shared: bool = False) -> dict[str, Any]:
    """How waitress serves, from the environment.

    `shared`: on the listening socket that comes as standard input, which other processes may have, too.
    """
    chosen: dict[str, Any] = {
        **(_shared_socket() if shared else _own_address()),
        "threads": int(os.environ.get("SARABAN_THREADS", "4")),
        # A burst of 250 people has several connections each; select() ends at 1024 files, poll() does not.
        "connection_limit": 1000,
        "asyncore_use_poll": True,
        "channel_timeout": 120,
        "max_request_body_size": LARGEST_BODY,
        "clear_untrusted_proxy_headers": True,
        "ident": None,
    }
    proxy = os.environ.get("SARABAN_TRUSTED_PROXY", "")
    if proxy:
        chosen["trusted_proxy"] = proxy
        chosen["trusted_proxy_headers"] = {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port"}
    return chosen


def _own_address() -> dict[str, Any]:
    return {"host": os.environ.get("SARABAN_HOST", "127.0.0.1"), "port": int(os.environ.get("SARABAN_PORT", "8080"))}


def _shared_socket() -> dict[str, Any]:
    """The socket, moved away from standard input: whoever closes it here takes it from nobody else."""
    listening = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return {"sockets": [listening]}


def run(application: Any, options: dict[str, Any], stop: threading.Event, turns: Turns) -> None:
    """Serves until `stop` is set; then takes no new connection, finishes what runs, and returns.

    `turns` has the threads, and gives them to requests.
    """
    from waitress import wasyncore
    from waitress.channel import HTTPChannel
    from waitress.server import BaseWSGIServer, create_server

    from saraban.admin.overlong import Overlong

    HTTPChannel.error_task_class = Overlong

    sockets: dict[int, Any] = {}
    server = create_server(application, map=sockets, _dispatcher=turns, **options)
    if "sockets" in options and int(os.environ.get("SARABAN_PROCESSES", "1")) > 1:
        server.handle_accept = partial(_accept, server.handle_accept, sockets)
    server.print_listen("serving on http://{}:{}")

    def turn() -> None:
        timeout = turns.slice if turns.relieve() else 0.5
        wasyncore.loop(timeout=timeout, use_poll=True, map=sockets, count=1)

    while not stop.is_set():
        turn()
    log.info("stopping")
    for listening in [one for one in sockets.values() if isinstance(one, BaseWSGIServer)]:
        listening.accepting = False
        listening.del_channel(sockets)
        listening.socket.close()
    end = time.monotonic() + PATIENCE
    while any(_is_busy(one) for one in sockets.values()) and time.monotonic() < end:
        turn()
    turns.shutdown()
    wasyncore.close_all(sockets)


def _accept(accept: Callable[[], None], sockets: Sized) -> None:
    """Takes a connection, after those processes that have fewer: all that wait for the next one are woken at once."""
    time.sleep(COURTESY * len(sockets) / (len(sockets) + MANY))
    accept()


def without_body(application: Any) -> Any:
    """A WSGI application that answers HEAD with headers alone.

    Zope answers an error with a body then, too: the client takes it for the beginning of the next answer.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        found = application(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return found
        if hasattr(found, "close"):
            found.close()
        return []

    return answer


def readable(application: Any) -> Any:
    """A WSGI application whose paths are text and whose host has a name.

    A path that is no text leads nowhere; Zope would break before it asks a site. All addresses on a page begin with the host.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        path = environ.get("PATH_INFO", "").encode("latin-1").decode(errors="replace").replace("\0", NO_LETTER)
        environ["PATH_INFO"] = path.encode().decode("latin-1")
        if not _HOST.fullmatch(environ.get("HTTP_HOST", "")):
            start_response("400 Bad Request", [("Content-Type", "text/plain")])
            return [b"Bad Request: Host"]
        return application(environ, start_response)

    return answer


def _is_busy(channel: Any) -> bool:
    return bool(getattr(channel, "requests", None)) or bool(getattr(channel, "total_outbufs_len", 0))


def warm_up(application: Any) -> None:
    """Asks for the login page: the first request of a process takes seconds, and need be nobody's."""
    environ: dict[str, Any] = {"PATH_INFO": f"/{boot.SITE}/login"}
    setup_testing_defaults(environ)
    try:
        for _ in application(environ, lambda *_: None):
            pass
    except Exception:  # whoever asks is told, too
        log.exception("The first request failed.")


def spare_the_collector() -> None:
    """What was loaded stays loaded: the garbage collector need not walk over Plone again and again.

    It walked some 60 ms every few requests. Cycles of requests are still collected, in fewer rounds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def main(arguments: Sequence[str] | None = None) -> int:
    """Boots Zope, serves, and leaves cleanly on SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="serve", description="Serve the site over HTTP.")
    parser.add_argument("--shared", action="store_true", help="listen on the socket that comes as standard input")
    chosen = parser.parse_args(arguments)

    boot.log_to_stderr()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    # It would tell of each request that waits for a thread.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    # It would write down what was typed in the tables of a form, of secret letters too.
    logging.getLogger("collective.z3cform.datagridfield.row").setLevel(logging.ERROR)
    boot.prepare_var()
    compile_in_turn()

    import Zope2
    from DateTime.interfaces import DateTimeError
    from zExceptions import BadRequest
    from ZODB.Connection import Connection
    from ZODB.DB import DB
    from Zope2.Startup.run import make_wsgi_app
    from ZPublisher.httpexceptions import HTTPExceptionHandler
    from ZPublisher.HTTPRequest import WSGIRequest

    from saraban.organisation.incoming import UNREADABLE

    class Request(WSGIRequest):
        """Tried again soon after a conflict: who was in the way is done in milliseconds; Zope would wait up to 1, 2, 4 s."""

        retry_max_count = RETRIES

        def processInputs(self) -> None:  # noqa: N802 - Zope's name
            """What cannot be read (`size:int=x`, a form cut off) is refused within the site, in words."""
            try:
                super().processInputs()
            except (ValueError, LookupError, DateTimeError, BadRequest):
                self.environ[UNREADABLE] = True

        def traverse(self, *arguments: Any, **named: Any) -> Any:
            """HEAD leads where GET leads; Zope would look for a method of WebDAV of that name, and documents have one."""
            if self.method == "HEAD":
                self["REQUEST_METHOD"] = "GET"
            return super().traverse(*arguments, **named)

        def delay_retry(self) -> None:
            time.sleep(random.uniform(0, RETRY_SECONDS * 2**self.retry_count))  # noqa: S311 - not a secret

    class Polled(Connection):
        """Asks for others' changes when a transaction begins; ZODB asks when it is opened and when it ends, too.

        So who gives up a transaction and goes on begins the next one himself.
        """

        explicit_transactions = property(lambda self: True, lambda self, value: None)

    DB.klass = Polled
    publish = partial(make_wsgi_app({}, str(boot.zope_conf())), _request_factory=Request)
    application = without_body(readable(HTTPExceptionHandler(publish)))
    warm_up(application)
    spare_the_collector()
    # On servers a writer waits for the database half of the time, and others compute meanwhile; SQLite has one writer.
    writers = 1 if storage.store().kind == "sqlite" else 0
    options = settings(chosen.shared)
    run(application, options, stop, Turns(options["threads"], writers))
    Zope2.DB.close()
    log.info("stopped")
    return 0
