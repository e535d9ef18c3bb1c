"""One HTTP request in progress, for a fault to change.

A fault can apply the effect of the :class:`HttpExchange`, change its :class:`Answer`, write raw
bytes to the client's socket, or close the connection.
"""

from __future__ import annotations

import io
import json
import os
import socket
import struct
import threading
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, NoReturn
from wsgiref.types import WSGIApplication, WSGIEnvironment

from werkzeug.test import run_wsgi_app

from .delayed_effects import DelayedRequests


class ConnectionClosed(ConnectionAbortedError):
    """The sandbox closed the connection on purpose. The server treats a ConnectionError as a
    disconnected client and logs nothing."""


@dataclass(slots=True)
class Answer:
    """A complete HTTP answer before it is sent."""

    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    @classmethod
    def of(cls, status: int, content_type: str, body: str) -> Answer:
        """Make an answer with a text body."""
        return cls(status, [("Content-Type", content_type)], body.encode())

    def json(self) -> Any:
        """Parse the body as JSON; None when it is invalid."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def write_json(self, value: object) -> None:
        """Replace the body by ``value`` as JSON."""
        self.body = json.dumps(value, ensure_ascii=False).encode()

    def sent_headers(self) -> list[tuple[str, str]]:
        """Return the headers with the current length of the body."""
        kept = [each for each in self.headers if each[0].lower() != "content-length"]
        return [*kept, ("Content-Length", str(len(self.body)))]

    def status_line(self) -> str:
        """Return the status line, as ``200 OK``."""
        known = self.status in set(HTTPStatus)
        return f"{self.status} {HTTPStatus(self.status).phrase if known else 'Unknown'}"

    def raw(self) -> bytes:
        """Return the bytes of the answer on the wire."""
        lines = [f"HTTP/1.1 {self.status_line()}"]
        lines += [f"{name}: {value}" for name, value in self.sent_headers()]
        lines += ["Connection: close", "", ""]
        return "\r\n".join(lines).encode() + self.body


class HttpExchange:
    """One request, its effect and its answer."""

    def __init__(
        self, app: WSGIApplication, environ: WSGIEnvironment, late: DelayedRequests
    ) -> None:
        self.late = late
        self._app = app
        self._connection: socket.socket = environ["werkzeug.socket"]
        length = environ.get("CONTENT_LENGTH") or "0"
        # The body is read before anything else: closing a connection with unread bytes would
        # reset it, and "closed" and "reset" are different faults.
        self._body: bytes = environ["wsgi.input"].read(int(length))
        self._environ = {k: v for k, v in environ.items() if k != "werkzeug.socket"}
        self._once = threading.Lock()
        self._answer: Answer | None = None

    def apply_effect(self) -> Answer:
        """Run the routes, once however often it is called, and return their answer."""
        with self._once:
            if self._answer is None:
                self._answer = self.run()
            return self._answer

    def run(self) -> Answer:
        """Run the routes now and leave the answer as it is: for an effect after another answer was
        sent."""
        environ = {**self._environ, "wsgi.input": io.BytesIO(self._body)}
        chunks, status, headers = run_wsgi_app(self._app, environ, buffered=True)
        return Answer(int(status.split()[0]), list(headers.items()), b"".join(chunks))

    def answer_with(self, answer: Answer) -> None:
        """Replace the routes' answer. Routes that have not run yet do not run."""
        with self._once:
            self._answer = answer

    def send(self, data: bytes) -> None:
        """Write raw bytes to the client."""
        try:
            self._connection.sendall(data)
        except OSError as error:
            raise ConnectionClosed from error

    def pause(self, seconds: float) -> None:
        """Wait until the time is over or the server stops."""
        if self.late.stopping.wait(seconds):
            self.hang_up()

    def hang_up(self) -> NoReturn:
        """Close the connection: the client reads the end of the stream."""
        raise ConnectionClosed

    def reset(self) -> NoReturn:
        """Reset the connection with RST."""
        # Lingering 0 seconds makes close() send RST. The socket is closed here and by its number,
        # since the server's own way would send FIN first.
        linger = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        socket.close(self._connection.detach())
        raise ConnectionClosed
