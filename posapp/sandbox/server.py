"""The running sandbox: keys, books, dial and the HTTP server, put together."""

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

from .books import Books
from .door import Door
from .faults import FaultDial
from .gate import Gate
from .pages import build_app
from .shelves import Shelves
from .tokens import TokenDesk

ALL_INTERFACES = "0.0.0.0"  # noqa: S104 - only when the person asked for it (lan)
LINK_PREFIX = "/link-api"
"""Where the payment link API lies; the real one has a host of its own."""
_log = logging.getLogger(__name__)


class Sandbox:
    """PortOne's stand-in on a free port.

    Usable as a context manager, and startable again after :meth:`stop` (on the same port). Keys
    are random unless given, or kept in the file ``keep`` together with the books; given keys win.
    ``clock`` (unix seconds) moves tokens, expiry and every time on the wire. ``lan`` listens on
    all interfaces and hands out this machine's address in the local network. ``live`` makes
    payments of a live channel. ``fault_seed`` as in :class:`~.faults.FaultDial`. ``dial_secret``
    opens the console and the dial over HTTP (:class:`~.door.Door`); a random one unless given, and
    another one with each start.

    Raises :class:`~.shelves.KeepFileBroken` for an unreadable file, ValueError for a secret that
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
        self.faults = FaultDial(self._clock, fault_seed, live=live)
        self._shelves = Shelves(keep)
        kept = self._shelves.kept_secrets
        self.imp_key = imp_key or kept.get("imp_key") or _digits(16)
        self.imp_secret = imp_secret or kept.get("imp_secret") or secrets.token_hex(40)
        self.user_code = user_code or kept.get("user_code") or f"imp{_digits(8)}"
        self.channel_key = channel_key or kept.get("channel_key") or f"channel-key-{uuid.uuid4()}"
        with self._shelves.changing():
            self._shelves.kept_secrets = self.keys()
        self.books = Books(self._shelves, self._clock, self.faults.conduct, self.faults.late)
        self.tokens = TokenDesk(self.imp_key, self.imp_secret, self._clock, self.faults.conduct)
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None

    def _clock(self) -> float:
        return self._base_clock() + self.faults.conduct.clock_offset

    @property
    def dial_secret(self) -> str:
        """What opens the console and the dial over HTTP; to be handed on in private only."""
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
        """Base URL of the V1 REST API; only known once it listens, unless a port was given."""
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
        """Listen and serve in threads of its own. OSError when the port cannot be had."""
        if self._server is not None:
            return self
        # The socket is made here: werkzeug ends the whole program when a port is taken.
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
            if os.name == "posix":
                # Restarting on the same port at once; not on Windows, where the option would let
                # two programs share a port.
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((self._bound_host, self.port))
            listening.listen(128)
            self.port = listening.getsockname()[1]
            self.faults.late.start()
            self._server = make_server(
                self._bound_host,
                self.port,
                Gate(self._app(), self.faults, self._clock),
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
        """Stop listening; whoever waits in a fault is let go. Nothing is lost from the books."""
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
            self.tokens,
            self.faults,
            user_code=self.user_code,
            channel_key=self.channel_key,
            base=self.api,
            link_prefix=LINK_PREFIX,
            door=self.door,
        )


class _QuietHandler(WSGIRequestHandler):
    """Writes nothing for a request, and ends the connection that a fault has closed."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """No access log."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Errors of the server go to the log, not to stderr."""
        _log.log(logging.ERROR if type == "error" else logging.INFO, message.rstrip(), *args)

    def connection_dropped(
        self, error: BaseException, environ: WSGIEnvironment | None = None
    ) -> None:
        """Without this, the server would wait for a next request on the dead connection."""
        self.close_connection = True


class _LoudHandler(_QuietHandler):
    """As above, with a line for each request in the log ``posapp.sandbox.server``."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """One line: method, path, status."""
        _log.info("%s %s %s", self.command, self.path, code)


def lan_address() -> str:
    """This machine's address in the local network; the loopback address if it has none.

    Nothing is sent: connecting a datagram socket only asks the system for the way out. The target
    is an address reserved for documentation (RFC 5737).
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(asking.getsockname()[0])


def _digits(count: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(count))
