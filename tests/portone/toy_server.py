"""A toy PortOne on a real socket that answers with given bytes, valid or not."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    def json(self) -> Any:
        return json.loads(self.body)


Action = Callable[[socket.socket, Seen], None]
Answer = bytes | Action


def http(
    body: bytes | str | dict[str, Any] | list[Any],
    status: int = 200,
    kind: str = "application/json",
    **headers: str,
) -> bytes:
    """The bytes of an HTTP answer."""
    raw = json.dumps(body).encode() if isinstance(body, dict | list) else body
    raw = raw.encode() if isinstance(raw, str) else raw
    lines = [f"HTTP/1.1 {status} X", f"Content-Type: {kind}", f"Content-Length: {len(raw)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + raw


def envelope(response: Any, code: int = 0, message: str | None = None, status: int = 200) -> bytes:
    return http({"code": code, "message": message, "response": response}, status)


def token(text: str = "token-one", life: int = 1800, now: int = 1_700_000_000) -> bytes:
    return envelope({"access_token": text, "expired_at": now + life, "now": now})


PAYMENT: dict[str, Any] = {
    "imp_uid": "imp_1",
    "merchant_uid": "pos-1",
    "status": "paid",
    "amount": 12000,
    "cancel_amount": 0,
    "currency": "KRW",
    "sandbox": True,
    "pg_provider": "kakaopay",
    "emb_pg_provider": None,
    "paid_at": 1_700_000_000,
    "cancel_history": [],
}


def payment(**changes: Any) -> dict[str, Any]:
    return {**PAYMENT, **changes}


def reset(sock: socket.socket, seen: Seen) -> None:
    """Tear the connection down with RST."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


@dataclass
class ToyServer:
    """Serves ``answers`` by path on a free port; every connection in a thread of its own."""

    tls: ssl.SSLContext | None = None
    answers: dict[str, Answer | list[Answer]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self.stopping = threading.Event()
        self.answers.setdefault("/users/getToken", token())
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    @property
    def base(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def calls(self, path: str) -> list[Seen]:
        return [each for each in self.seen if each.path == path]

    def stop(self) -> None:
        self.stopping.set()
        # Wakes the accept that is under way; closing alone would not.
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._lock:
            for sock in self._open:
                try:
                    sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the other side went first
        for thread in [self._acceptor, *self._threads]:
            thread.join(5)

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                sock, _ = self._listening.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
            thread = threading.Thread(target=self._serve, args=(sock,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        try:
            if self.tls:
                sock = self.tls.wrap_socket(sock, server_side=True)
            with self._lock:
                self._open.add(sock)
            with sock, sock.makefile("rb") as stream:
                while (seen := _read(stream)) is not None:
                    with self._lock:
                        self.seen.append(seen)
                    answer = self._answer_for(seen)
                    if callable(answer):
                        answer(sock, seen)
                        return
                    sock.sendall(answer)
                    if _ends_connection(answer):
                        return
        except OSError:
            return  # the client hung up, as several tests want it to
        finally:
            with self._lock:
                self._open.discard(sock)
            sock.close()

    def _answer_for(self, seen: Seen) -> Answer:
        found = self.answers.get(
            seen.path, envelope(None, -1, "존재하지 않는 결제정보입니다.", 404)
        )
        if isinstance(found, list):
            with self._lock:
                return found.pop(0) if len(found) > 1 else found[0]
        return found


def _ends_connection(answer: bytes) -> bool:
    head, _, body = answer.partition(b"\r\n\r\n")
    return f"Content-Length: {len(body)}".encode() not in head


def _read(stream: Any) -> Seen | None:
    line = stream.readline().decode("latin-1").split()
    if len(line) < 3:
        return None
    headers: dict[str, str] = {}
    while (header := stream.readline().decode("latin-1").rstrip("\r\n")) != "":
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", "0")))
    return Seen(line[0], line[1], headers, body)
