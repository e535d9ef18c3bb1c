"""The running sandbox: keys, books, dial and HTTP server."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from wsgiref.types import WSGIEnvironment

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from .book_keeping import PaymentBook
from .door import Door
from .fault_dial import FaultInjector
from .fault_middleware import FaultMiddleware
from .pages import build_app
from .receipt_book import ReceiptBook
from .storage import SandboxStorage
from .tokens import TokenDesk

ALL_INTERFACES = "0.0.0.0"  # noqa: S104 - only when the person asked for it (lan)
LINK_PREFIX = "/link-api"
"""Path prefix of the payment link API; the real one has its own host."""
_log = logging.getLogger(__name__)


class Sandbox:
    """PortOne's stand-in on a free port.

    Usable as a context manager, and startable again after :meth:`stop` (on the same port). Keys
    are random unless given, or stored in the file ``keep`` together with the books; given keys take
    precedence. ``clock`` (unix seconds) is the source of token expiry, link expiry and every time
    on the wire. ``lan`` listens on all interfaces and publishes this machine's address in the local
    network. ``live`` makes payments of a live channel. ``fault_seed`` as ``seed`` of
    :class:`~.fault_dial.FaultInjector`. ``dial_secret`` opens the console and the dial over HTTP
    (:class:`~.door.Door`); each sandbox makes a random one unless it is given.

    Raises :class:`~.storage.StorageFileError` for an unreadable file, ValueError for a secret that
    is too short, and OSError from :meth:`start` when the port is taken.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        clock: Callable[[], float] = time.time,
        lan: bool = False,
        keep: Path | None = None,
        live: bool = False,
        imp_key: str | None = None,
        imp_secret: str | None = None,
        user_code: str | None = None,
        channel_key: str | None = None,
        fault_seed: int | None = 0,
        access_log: bool = False,
        dial_secret: str | None = None,
    ) -> None:
        self.door = Door(dial_secret)
        self.port = port
        self._bound_host = ALL_INTERFACES if lan else host
        self._shown_host = lan_address() if lan else host
        self._access_log = access_log
        self._base_clock = clock
        self.faults = FaultInjector(self._clock, fault_seed, live=live)
        self._storage = SandboxStorage(keep)
        kept = self._storage.kept_secrets
        self.imp_key = imp_key or kept.get("imp_key") or _digits(16)
        self.imp_secret = imp_secret or kept.get("imp_secret") or secrets.token_hex(40)
        self.user_code = user_code or kept.get("user_code") or f"imp{_digits(8)}"
        self.channel_key = channel_key or kept.get("channel_key") or f"channel-key-{uuid.uuid4()}"
        with self._storage.changing():
            self._storage.kept_secrets = self.keys()
        self.books = PaymentBook(self._storage, self._clock, self.faults.conduct, self.faults.late)
        self.receipts = ReceiptBook(
            self._storage, self._clock, self.faults.conduct, self.channel_key
        )
        self.tokens = TokenDesk(self.imp_key, self.imp_secret, self._clock, self.faults.conduct)
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None

    def _clock(self) -> float:
        return self._base_clock() + self.faults.conduct.clock_offset

    @property
    def dial_secret(self) -> str:
        """Secret of the console and the dial over HTTP; hand it on in private only."""
        return self.door.secret

    def keys(self) -> dict[str, str]:
        """The four keys that a client needs, by name."""
        return {
            "imp_key": self.imp_key,
            "imp_secret": self.imp_secret,
            "user_code": self.user_code,
            "channel_key": self.channel_key,
        }

    @property
    def api(self) -> str:
        """Base URL of the V1 REST API; known once it listens, or at once if a port was given."""
        return f"http://{self._shown_host}:{self.port}"

    @property
    def link_api(self) -> str:
        """Base URL of the payment link API."""
        return self.api + LINK_PREFIX

    @property
    def running(self) -> bool:
        """Whether it listens."""
        return self._server is not None

    def start(self) -> Self:
        """Listen, and serve in its own threads. OSError when the port is taken."""
        if self._server is not None:
            return self
        # The socket is made here: werkzeug ends the whole program when a port is taken.
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
            if os.name == "posix":
                # Allows an immediate restart on the same port; not on Windows, where the option
                # lets two programs share a port.
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((self._bound_host, self.port))
            listening.listen(128)
            self.port = listening.getsockname()[1]
            self.faults.late.start()
            self._server = make_server(
                self._bound_host,
                self.port,
                FaultMiddleware(self._app(), self.faults, self._clock),
                threaded=True,
                request_handler=_LoudHandler if self._access_log else _QuietHandler,
                fd=listening.fileno(),
            )
        self.books.link_address = lambda link_id: f"{self.api}/{link_id}"
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.02},
            name="sandbox",
            daemon=True,
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening and end the waits of faults. The books keep everything."""
        server, thread = self._server, self._thread
        self._server = self._thread = None
        self.faults.late.stop()
        if server is not None and thread is not None:
            server.shutdown()
            thread.join()
            server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _app(self) -> Any:
        return build_app(
            self.books,
            self.receipts,
            self.tokens,
            self.faults,
            user_code=self.user_code,
            channel_key=self.channel_key,
            base=self.api,
            link_prefix=LINK_PREFIX,
            door=self.door,
        )


class _QuietHandler(WSGIRequestHandler):
    """Handler without an access log; it ends a connection that a fault has closed."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write no access log."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Send errors of the server to the log instead of stderr."""
        _log.log(logging.ERROR if type == "error" else logging.INFO, message.rstrip(), *args)

    def connection_dropped(
        self, error: BaseException, environ: WSGIEnvironment | None = None
    ) -> None:
        """Close the connection; else the server would wait for a next request on it."""
        self.close_connection = True


class _LoudHandler(_QuietHandler):
    """Handler that logs each request as one line in ``posapp.sandbox.server``."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log method, path and status in one line."""
        _log.info("%s %s %s", self.command, self.path, code)


def lan_address() -> str:
    """Return this machine's address in the local network; the loopback address if it has none.

    Nothing is sent: connecting a datagram socket only selects the outgoing interface. The target is
    an address reserved for documentation (RFC 5737).
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(asking.getsockname()[0])


def _digits(count: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(count))
