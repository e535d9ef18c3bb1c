"""A transport that is made by its first call."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from posapp.portone.http_messages import HttpReply, HttpRequest
from posapp.portone.settings import GatewaySettings, Limits

if TYPE_CHECKING:
    from posapp.portone.transport import Transport


class LateTransport:
    """Makes a ``Transport`` for the first call and passes all calls on to it. Thread-safe.

    The import of requests takes as long as an empty window, and the first call comes after the
    services are attached (docs/performance.md, "Starting").
    """

    def __init__(self, settings: GatewaySettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._made: Transport | None = None

    def send(self, request: HttpRequest, limits: Limits | None = None) -> HttpReply:
        """Send a request; see ``Transport.send``."""
        return self._transport().send(request, limits)

    def close(self) -> None:
        """Close the kept connections, if there was a call."""
        with self._lock:
            made = self._made
        if made is not None:
            made.close()

    def _transport(self) -> Transport:
        from posapp.portone.transport import Transport

        with self._lock:
            if self._made is None:
                self._made = Transport(self._settings)
            return self._made
