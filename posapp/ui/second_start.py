"""A second start of the same shop raises the first one's window (docs/faults.md, row 59).

The first program listens on a local socket whose name is made of the database's path and the user,
and which only this user may open. The second one, refused by the lock, connects and asks. Whether
there is a first program is the lock's word alone (``posapp.system.single_instance``): whoever
holds it may throw away a socket file that a killed program has left.

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
"""How long a second start tries: the first one may just be starting."""

_PAUSE = 0.1
_UNCONNECTED = QLocalSocket.LocalSocketState.UnconnectedState
_LONGEST = 64
"""Bytes that are read of somebody who connects."""


def socket_name(database: Path) -> str:
    """The name of the socket of one database and one user: short, whatever the path is."""
    words = f"{getpass.getuser()}\0{database.absolute()}"
    return f"posapp-{hashlib.sha256(words.encode('utf-8', 'surrogateescape')).hexdigest()[:24]}"


class Doorbell(QObject):
    """Listens, for the program that holds the lock."""

    rung = Signal()
    """Somebody started the program again."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._meet)
        self._guests: list[QLocalSocket] = []

    @property
    def place(self) -> str:
        """Where it listens, in full, or empty."""
        return self._server.fullServerName() if self._server.isListening() else ""

    def listen(self) -> bool:
        """Begin; ``False`` if it cannot be done, which costs nothing but the convenience."""
        QLocalServer.removeServer(self._name)
        if self._server.listen(self._name):
            log.info("a second start is heard")
            return True
        log.warning("a second start cannot reach this window: %s", self._server.errorString())
        return False

    def close(self) -> None:
        """Listen no more, and let go of whoever is connected."""
        self._server.close()
        for guest in self._guests:
            guest.abort()
        self._let_go()

    @Slot()
    def _meet(self) -> None:
        while self._server.hasPendingConnections():
            guest = self._server.nextPendingConnection()
            self._guests.append(guest)
            # Found again in the list, and not through a closure: a socket that holds itself by
            # its own connections is destroyed at a moment that nobody chose.
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
    """Ask the program that has the shop open to come to the front; whether it said that it does.

    Blocks for at most about ``patience_ms`` milliseconds; for a program without a window of its
    own.
    """
    # A local socket needs one; it is kept until the answer is there.
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
