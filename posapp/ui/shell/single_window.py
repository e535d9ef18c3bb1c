"""A second start of the same shop raises the first one's window (docs/faults.md, row 59).

The first program listens on a local socket. Its name is derived from the database's path and the
user, and only this user may open it. The second program, refused by the lock, connects and asks.
Only the lock (``posapp.system.single_instance``) decides whether there is a first program: its
holder may delete a socket file left by a killed program.

A program that holds the lock without a window (``posapp import``) does not listen, and one that
hangs does not answer: the second start is then refused as before.
"""

from __future__ import annotations

import getpass
import hashlib
import logging
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

log = logging.getLogger(__name__)

RAISE = b"raise\n"
RAISED = b"raised\n"

PATIENCE_MS = 5_000
"""Timeout of a second start in milliseconds: the first program may still be starting."""

_PAUSE = 0.1
_UNCONNECTED = QLocalSocket.LocalSocketState.UnconnectedState
_LONGEST = 64
"""Bytes read from a connection at most."""


def socket_name(database: Path) -> str:
    """Return the socket name of one database and one user: short, whatever the path is."""
    text = f"{getpass.getuser()}\0{database.absolute()}"
    return f"posapp-{hashlib.sha256(text.encode('utf-8', 'surrogateescape')).hexdigest()[:24]}"


class ActivationServer(QObject):
    """Listens for second starts, in the program that holds the lock."""

    rung = Signal()
    """A second instance asked to be activated."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._meet)
        self._guests: list[QLocalSocket] = []

    @property
    def place(self) -> str:
        """Return the full name of the socket, or empty while not listening."""
        return self._server.fullServerName() if self._server.isListening() else ""

    def listen(self) -> bool:
        """Start listening; return ``False`` if it fails, which disables only this convenience."""
        QLocalServer.removeServer(self._name)
        if self._server.listen(self._name):
            log.info("a second start is heard")
            return True
        log.warning("a second start cannot reach this window: %s", self._server.errorString())
        return False

    def close(self) -> None:
        """Stop listening and close all connections."""
        self._server.close()
        for guest in self._guests:
            guest.abort()
        self._let_go()

    @Slot()
    def _meet(self) -> None:
        while self._server.hasPendingConnections():
            guest = self._server.nextPendingConnection()
            self._guests.append(guest)
            # Found through the list, and not through a closure: a socket that references itself
            # through its own connections is destroyed at an unpredictable moment.
            guest.readyRead.connect(self._hear)
            guest.disconnected.connect(self._let_go)
        self._hear()

    @Slot()
    def _hear(self) -> None:
        for guest in tuple(self._guests):
            if not guest.bytesAvailable():
                continue
            if guest.read(_LONGEST).data() == RAISE:
                guest.write(RAISED)
                guest.flush()
                log.info("a second start brought this window to the front")
                self.rung.emit()
            guest.disconnectFromServer()
        self._let_go()

    @Slot()
    def _let_go(self) -> None:
        gone = [one for one in self._guests if one.state() is _UNCONNECTED]
        self._guests = [one for one in self._guests if one not in gone]
        for guest in gone:
            guest.deleteLater()


def raise_first(name: str, patience_ms: int = PATIENCE_MS) -> bool:
    """Ask the running program to activate its window; return whether it confirmed.

    Blocks for at most about ``patience_ms`` milliseconds; for a program without its own window.
    """
    # A local socket needs an application; it is kept until the answer arrives.
    app = QCoreApplication.instance() or QCoreApplication(["posapp"])
    end = time.monotonic() + patience_ms / 1000
    answered = False
    while not answered and (left := int((end - time.monotonic()) * 1000)) > 0:
        answered = _ask(name, left)
        if not answered:
            time.sleep(_PAUSE)
    del app
    return answered


def _ask(name: str, patience_ms: int) -> bool:
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(patience_ms):
        return False
    socket.write(RAISE)
    socket.flush()
    said = b""
    while len(said) < len(RAISED) and socket.waitForReadyRead(patience_ms):
        said += socket.read(_LONGEST).data()
    socket.abort()
    return said == RAISED
