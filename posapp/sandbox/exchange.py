"""One HTTP request on its way, as a fault sees it.

A fault can let the :class:`Exchange` act, change its :class:`Answer`, write raw bytes to the
client's socket, or hang up.
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

from .late import LateEffects


class HungUp(ConnectionAbortedError):
    """The sandbox closed the connection on purpose. The server takes a ConnectionError for a
    client that went away, and says nothing."""


@dataclass(slots=True)
class Answer:
    """A whole HTTP answer, not yet sent."""

    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    @classmethod
    def of(cls, status: int, content_type: str, body: str) -> Answer:
        """An answer with a text body."""
        return cls(status, [("Content-Type", content_type)], body.encode())

    def json(self) -> Any:
        """The body as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def write_json(self, value: object) -> None:
        """Replace the body."""
        self.body = json.dumps(value, ensure_ascii=False).encode()

    def sent_headers(self) -> list[tuple[str, str]]:
        """The headers with the length of the body as it is now."""
        kept = [each for each in self.headers if each[0].lower() != "content-length"]
        return [*kept, ("Content-Length", str(len(self.body)))]

    def status_line(self) -> str:
        """``200 OK``."""
        known = self.status in set(HTTPStatus)
        return f"{self.status} {HTTPStatus(self.status).phrase if known else 'Unknown'}"

    def raw(self) -> bytes:
        """The answer as it goes over the wire."""
        lines = [f"HTTP/1.1 {self.status_line()}"]
        lines += [f"{name}: {value}" for name, value in self.sent_headers()]
        lines += ["Connection: close", "", ""]
        return "\r\n".join(lines).encode() + self.body


class Exchange:
    """One request, its effect and its answer."""

    def __init__(self, app: WSGIApplication, environ: WSGIEnvironment, late: LateEffects) -> None:
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

    def act(self) -> Answer:
        """Let the routes act, once however often it is called, and give their answer."""
        with self._once:
            if self._answer is None:
                self._answer = self.run()
            return self._answer

    def run(self) -> Answer:
        """Let the routes act now, whatever is answered: for an effect that comes after another
        answer was given."""
        environ = {**self._environ, "wsgi.input": io.BytesIO(self._body)}
        chunks, status, headers = run_wsgi_app(self._app, environ, buffered=True)
        return Answer(int(status.split()[0]), list(headers.items()), b"".join(chunks))

    def answer_with(self, answer: Answer) -> None:
        """Take this answer instead of the routes'. They do not act if they have not yet."""
        with self._once:
            self._answer = answer

    def send(self, data: bytes) -> None:
        """Write raw bytes to the client."""
        try:
            self._connection.sendall(data)
        except OSError as error:
            raise HungUp from error

    def pause(self, seconds: float) -> None:
        """Wait, but not longer than the server runs."""
        if self.late.stopping.wait(seconds):
            self.hang_up()

    def hang_up(self) -> NoReturn:
        """Close the connection: the client reads the end of the stream."""
        raise HungUp

    def reset(self) -> NoReturn:
        """Tear the connection down with RST."""
        # Lingering 0 seconds makes close() send RST. The socket is closed here and by its number,
        # since the server's own way would say goodbye properly (FIN) first.
        linger = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        socket.close(self._connection.detach())
        raise HungUp
