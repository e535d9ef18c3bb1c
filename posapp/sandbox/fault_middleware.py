"""Middleware that applies the dial's faults to single HTTP exchanges.

Faults compose in the order in which they were added: a delay and then a 500, for instance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from .fault_dial import FaultInjector
from .http_exchange import HttpExchange
from .path_numbers import as_written
from .rest_manners import ARRIVED_AT

SPARED = "/sandbox/"
"""Path prefix without faults, so that the dial itself stays reachable."""


class FaultMiddleware:
    """WSGI middleware: runs each request through the faults that the dial picks."""

    def __init__(
        self, app: WSGIApplication, dial: FaultInjector, clock: Callable[[], float]
    ) -> None:
        self._app = app
        self._dial = dial
        self._clock = clock

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request."""
        environ[ARRIVED_AT] = self._clock()
        self._dial.late.land_due()
        path = str(environ.get("PATH_INFO", ""))
        if path.startswith(SPARED):
            return self._app(environ, start_response)
        struck = self._dial.pick(str(environ["REQUEST_METHOD"]), path)
        environ = as_written(environ)
        if not struck:
            return self._app(environ, start_response)
        exchange = HttpExchange(self._app, environ, self._dial.late)
        for rule in struck:
            rule.kind.run(exchange, rule.parameters)
        answer = exchange.apply_effect()
        start_response(answer.status_line(), answer.sent_headers())
        return [answer.body]
