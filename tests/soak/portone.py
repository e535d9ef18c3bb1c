"""PortOne's stand-in in its own process, on a clock that the test moves: its memory does not count
as the till's."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized

from posapp.sandbox.server import Sandbox
from tests.faults.kill_points import SandboxAddress


def _serve(pipe: Connection, unix: Synchronized) -> None:
    with Sandbox(clock=lambda: unix.value) as sandbox:
        pipe.send(
            SandboxAddress(
                sandbox.api,
                sandbox.link_api,
                sandbox.imp_key,
                sandbox.imp_secret,
                sandbox.user_code,
                sandbox.channel_key,
            )
        )
        while (action := pipe.recv()) is not None:
            name, arguments = action
            result = getattr(sandbox.books, name)(*arguments)
            pipe.send(result)


class PortOneProcess:
    """The process, started by ``with``; ``do`` runs an action on its books."""

    def __init__(self, unix: float) -> None:
        context = multiprocessing.get_context("spawn")
        self._unix = context.Value("d", unix)
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._unix), daemon=True)

    def __enter__(self) -> PortOneProcess:
        self._process.start()
        self.address = self._pipe.recv()
        return self

    def __exit__(self, *error: object) -> None:
        self._pipe.send(None)
        self._process.join(10)

    def set_time(self, unix: float) -> None:
        self._unix.value = unix

    def do(self, name: str, *arguments: object) -> object:
        self._pipe.send((name, arguments))
        return self._pipe.recv()
