"""A loopback proxy that injects TCP faults which the sandbox's own dial cannot.

Its one rule of HTTP: data that a client sends after an answer is the next request.
"""

from __future__ import annotations

import select
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.bounds import LONGEST_S

_TICK_S = 0.02
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Way:
    """Faults of exchanges.

    Attributes:
        latency_s: delay of a request in seconds: one round trip.
        drip_s: pause in seconds between single bytes of the answer.
        cut_at: bytes of the answer after which the connection is closed as if it were complete.
        reset_at: bytes of the answer after which the connection is reset (RST).
        half_close_at: bytes of the answer after which the client's side of it is ended (FIN)
            while the client may go on sending.
        swallow: nothing is passed on in either direction: a black hole that accepts connections.
        swallow_answer: requests arrive, answers do not.
        begins: first bytes of the requests with the fault; empty for all.
        uses: number of exchanges with the fault; ``None`` for all.
    """

    latency_s: float = 0.0
    drip_s: float = 0.0
    cut_at: int | None = None
    reset_at: int | None = None
    half_close_at: int | None = None
    swallow: bool = False
    swallow_answer: bool = False
    begins: bytes = b""
    uses: int | None = None


GOOD = Way()


class FaultProxy:
    """A proxy between a client and a server on this machine; every connection in its own thread.

    Attributes:
        torn: number of resets of all connections.
        exchanges: number of requests begun, faulty ones included.
        connections: number of accepted connections.
    """

    def __init__(self, target: str) -> None:
        """``target`` is ``http://127.0.0.1:port``, with or without a path."""
        parts = urlsplit(target)
        assert parts.hostname is not None
        assert parts.port is not None
        self._target = (parts.hostname, parts.port)
        self._lock = threading.Lock()
        self._way, self._left = GOOD, -1
        self._stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listening: socket.socket | None = None
        self.exchanges = self.connections = self.torn = 0
        self.port = 0
        self._listen()
        self.base = f"http://127.0.0.1:{self.port}{parts.path}"

    def __enter__(self) -> FaultProxy:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def way(self) -> Way:
        return self._way

    def set(self, way: Way) -> None:
        """Set the faults from the next exchange on; connections that swallow now keep doing so."""
        with self._lock:
            self._way, self._left = way, -1 if way.uses is None else way.uses

    def refuse(self) -> None:
        """Stop listening and reset every open connection."""
        if self._listening is not None:
            # close() alone would leave it listening until the acceptor's wait ends.
            self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            self._listening = None
        self.tear_down()

    def listen_again(self) -> None:
        """Listen again on the same port."""
        if self._listening is None:
            self._listen()

    def tear_down(self) -> None:
        """Reset every open connection."""
        with self._lock:
            torn = set(self._open)
            self.torn += 1
        end = time.monotonic() + LONGEST_S
        while torn & self._open and time.monotonic() < end:
            time.sleep(_TICK_S / 4)

    @contextmanager
    def flapping(self, up_s: float, down_s: float) -> Iterator[None]:
        """Alternate between listening and refusing within a block; listen at its end."""
        over = threading.Event()

        def flap() -> None:
            while not over.wait(up_s):
                self.refuse()
                over.wait(down_s)
                self.listen_again()

        thread = threading.Thread(target=flap, name="proxy-flap", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join(5)

    def stop(self) -> None:
        self._stopping.set()
        self.refuse()
        for thread in self._threads:
            thread.join(5)

    # Internals.

    def _listen(self) -> None:
        listening = socket.create_server(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        self._listening = listening
        thread = threading.Thread(target=self._accept, args=(listening,), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, listening: socket.socket) -> None:
        while not self._stopping.is_set():
            try:
                ready, _, _ = select.select([listening], [], [], _TICK_S)
                if not ready:
                    continue
                client, _ = listening.accept()
            except (OSError, ValueError):
                return
            with self._lock:
                self.connections += 1
                self._threads = [each for each in self._threads if each.is_alive()]
                thread = threading.Thread(target=self._serve, args=(client, self.torn), daemon=True)
                self._threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket, torn: int) -> None:
        try:
            server = socket.create_connection(self._target, timeout=5)
        except OSError:
            _reset_later(client)
            client.close()
            return
        for sock in (client, server):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._open |= {client, server}
        try:
            _Connection(self, client, server, torn).run()
        except (OSError, ValueError):
            pass  # one of the two sides closed
        finally:
            with self._lock:
                self._open -= {client, server}
            client.close()
            server.close()

    def take(self, request: bytes) -> Way:
        """Return the faults of an exchange that begins with these bytes."""
        with self._lock:
            self.exchanges += 1
            if self._left == 0 or not request.startswith(self._way.begins):
                return GOOD
            if self._left > 0:
                self._left -= 1
            return self._way

    def pause(self, seconds: float) -> None:
        self._stopping.wait(seconds)


class _Connection:
    def __init__(
        self, proxy: FaultProxy, client: socket.socket, server: socket.socket, torn: int
    ) -> None:
        self._proxy, self._client, self._server = proxy, client, server
        self._way = GOOD
        self._answered = True
        self._passed = 0
        self._torn = torn

    def run(self) -> None:
        while not self._is_torn():
            ready, _, _ = select.select([self._client, self._server], [], [], _TICK_S)
            if self._client in ready and not self._request():
                return
            if self._server in ready and not self._answer():
                return

    def _is_torn(self) -> bool:
        if self._proxy.torn == self._torn:
            return False
        _reset_later(self._client)
        return True

    def _request(self) -> bool:
        data = self._client.recv(_CHUNK)
        if not data:
            return False
        if self._answered:
            self._way, self._answered, self._passed = self._proxy.take(data), False, 0
            if self._way.latency_s:
                self._proxy.pause(self._way.latency_s)
        if not self._way.swallow:
            self._server.sendall(data)
        return True

    def _answer(self) -> bool:
        data = self._server.recv(_CHUNK)
        if not data:
            # Swallowed: the client must not see the close either.
            return self._way.swallow_answer and self._wait_for_client()
        self._answered = True
        if self._way.swallow or self._way.swallow_answer:
            return True
        way = self._way
        ends = [at for at in (way.cut_at, way.reset_at, way.half_close_at) if at is not None]
        room = max(0, min(ends) - self._passed) if ends else len(data)
        self._pass(data[:room])
        if room >= len(data) and not (ends and self._passed >= min(ends)):
            return True
        if way.half_close_at is not None:
            self._client.shutdown(socket.SHUT_WR)
            return self._wait_for_client()
        if way.reset_at is not None:
            _reset_later(self._client)
        return False

    def _pass(self, data: bytes) -> None:
        if not self._way.drip_s:
            self._client.sendall(data)
            self._passed += len(data)
            return
        for at in range(len(data)):
            if self._is_torn():
                return
            self._client.sendall(data[at : at + 1])
            self._passed += 1
            self._proxy.pause(self._way.drip_s)

    def _wait_for_client(self) -> bool:
        """Wait until the client closes; always False, so that the connection ends then."""
        while not self._is_torn():
            ready, _, _ = select.select([self._client], [], [], _TICK_S)
            if ready and not self._client.recv(_CHUNK):
                break
        return False


def _reset_later(sock: socket.socket) -> None:
    """Make the close of the socket send RST instead of FIN."""
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
