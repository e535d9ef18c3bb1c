"""A receipt printer for tests: a TCP socket that reads ESC/POS back to text, pictures and codes,
has states, and goes wrong as real ones do. It shares nothing with the encoder."""

from __future__ import annotations

import socket
import struct
import threading
from dataclasses import dataclass, field
from enum import Enum, auto
from types import TracebackType

READY = (0x12, 0x12, 0x12, 0x12)
COVER_OPEN = (0x1A, 0x16, 0x12, 0x12)
PAPER_OUT = (0x1A, 0x32, 0x12, 0x72)
PAPER_LOW = (0x12, 0x12, 0x12, 0x1E)
CUTTER_STUCK = (0x1A, 0x52, 0x1A, 0x12)
OFFLINE = (0x1A, 0x12, 0x12, 0x12)
"""Answers to DLE EOT 1 to 4."""


class Fault(Enum):
    """What goes wrong. All but the first three answer before the paper as they should."""

    GARBAGE = auto()
    SILENT = auto()
    HALF_CLOSED = auto()
    DRIP = auto()
    FULL = auto()
    UNPLUGGED = auto()


_ASKED = 12
"""Bytes of the four questions for the state."""

_LITTLE: dict[Fault | None, int] = {Fault.DRIP: 1, Fault.UNPLUGGED: 64}


@dataclass(frozen=True)
class Printed:
    """What came out: a line of text, a code's text, a barcode, or a picture.

    Attributes:
        bars: what a barcode says; ``kind`` is its symbology, ``module`` and ``height`` are in dots.
    """

    text: str = ""
    is_bold: bool = False
    is_large: bool = False
    is_centred: bool = False
    code: str = ""
    module: int = 0
    bars: str = ""
    kind: str = ""
    height: int = 0
    row_bytes: int = 0
    rows: bytes = b""


class _Incomplete(Exception):
    """The rest of a command has not arrived."""


@dataclass
class EscPos:
    """Reads the stream of a printer.

    Attributes:
        after: its answers once it cut a paper.
        wrong: what a printer would not have understood.
    """

    columns: int = 42
    state: tuple[int, int, int, int] = READY
    after: tuple[int, int, int, int] | None = None
    out: list[Printed] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    cuts: int = 0
    drawers: int = 0

    def __post_init__(self) -> None:
        self._stream, self._at = bytearray(), 0
        self._reset()

    def read(self, content: bytes) -> bytes:
        """Take some bytes; return the answers."""
        self._stream += content
        answers = b""
        while self._at < len(self._stream):
            start = self._at
            try:
                answers += self._command()
            except _Incomplete:
                self._at = start
                break
        return answers

    @property
    def text(self) -> str:
        """All lines of text and codes, one below the other."""
        return "\n".join(one.bars or one.code or one.text for one in self.out if not one.rows)

    def _reset(self) -> None:
        self._line, self._used = "", 0
        self._bold = self._large = self._centred = self._hangul = False
        self._module, self._stored = 3, ""
        self._bar_width, self._bar_height, self._has_text_below = 3, 162, False

    def _take(self, count: int = 1) -> bytes:
        if self._at + count > len(self._stream):
            raise _Incomplete
        self._at += count
        return bytes(self._stream[self._at - count : self._at])

    def _command(self) -> bytes:
        first = self._take()
        if first == b"\x10":
            kind, number = self._take(2)
            return bytes((self.state[number - 1],)) if kind == 4 and 1 <= number <= 4 else b""
        if first == b"\n":
            self._feed()
        elif first == b"\x1b":
            self._escape(self._take())
        elif first == b"\x1c":
            self._hangul = self._take() == b"&"
        elif first == b"\x1d":
            self._group(self._take())
        elif first[0] >= 0x80 and self._hangul:
            pair = first + self._take()
            self._write(pair.decode("cp949", "replace"), 2)
        elif 0x20 <= first[0] < 0x7F:
            self._write("₩" if first == b"\\" else first.decode("ascii"), 1)
        else:
            self.wrong.append(f"byte {first.hex()}")
        return b""

    def _escape(self, kind: bytes) -> None:
        if kind == b"@":
            self._reset()
        elif kind == b"a":
            self._centred = self._take() == b"\x01"
        elif kind == b"E":
            self._bold = self._take()[0] & 1 == 1
        elif kind == b"p":
            self._take(3)
            self.drawers += 1
        elif kind == b"B":
            self._take(2)
        else:
            self.wrong.append(f"ESC {kind!r}")

    def _group(self, kind: bytes) -> None:
        if kind == b"!":
            self._large = self._take() == b"\x11"
        elif kind == b"V":
            if self._take() == b"B":
                self._take()
            self.cuts += 1
            self.state = self.after or self.state
        elif kind == b"v":
            self._picture()
        elif kind == b"h":
            self._bar_height = self._take()[0]
        elif kind == b"w":
            self._bar_width = self._take()[0]
        elif kind == b"H":
            self._has_text_below = self._take() != b"\x00"
        elif kind == b"k":
            self._barcode()
        elif kind == b"(":
            self._code()
        else:
            self.wrong.append(f"GS {kind!r}")

    def _picture(self) -> None:
        _, mode, row_bytes, height = struct.unpack("<BBHH", self._take(6))
        rows = self._take(row_bytes * height)
        if self._line or mode or height > 256 or row_bytes * 8 > self.columns * 12:
            self.wrong.append(f"a picture of {row_bytes} x {height}")
        self.out.append(Printed(row_bytes=row_bytes, rows=rows))

    def _barcode(self) -> None:
        """Print bars as function B names them; what does not fit a real printer leaves out."""
        kind, size = self._take(2)
        content = self._take(size)
        if kind == 67 and content.isdigit() and size == 13:
            name, text, modules = "EAN-13", content.decode("ascii"), 95
        elif kind == 73 and content.startswith(b"{B") and size > 2:
            name, text = "Code 128", content[2:].replace(b"{{", b"{").decode("ascii")
            modules = 11 * (len(text) + 2) + 13
        else:
            self.wrong.append(f"GS k {kind} {content!r}")
            return
        is_wide = (modules + 20) * self._bar_width > self.columns * 12
        if self._line or is_wide or not 2 <= self._bar_width <= 6 or not self._bar_height:
            self.wrong.append(f"bars of {modules} modules of {self._bar_width} dots")
            return
        made = Printed(
            text if self._has_text_below else "", is_centred=self._centred, bars=text, kind=name,
            module=self._bar_width, height=self._bar_height,
        )  # fmt: skip
        self.out.append(made)

    def _code(self) -> None:
        kind, size = struct.unpack("<cH", self._take(3))
        content = self._take(size)
        function, given = content[1:2], content[2:]
        if kind != b"k" or content[:1] != b"1":
            self.wrong.append(f"GS ( {kind!r}")
        elif function == b"C":
            self._module = given[0]
        elif function == b"P":
            self._stored = given[1:].decode("ascii")
        elif function == b"Q":
            made = Printed(is_centred=self._centred, code=self._stored, module=self._module)
            self.out.append(made)

    def _write(self, text: str, cells: int) -> None:
        self._line += text
        self._used += cells * (2 if self._large else 1)

    def _feed(self) -> None:
        if self._used > self.columns:
            self.wrong.append(f"{self._used} cells: {self._line}")
        made = Printed(self._line, self._bold, self._large, self._centred)
        self.out.append(made)
        self._line, self._used = "", 0


class FakeReceiptPrinter:
    """A printer at a port of this machine, for use as a context."""

    def __init__(
        self,
        columns: int = 42,
        state: tuple[int, int, int, int] = READY,
        fault: Fault | None = None,
        after: tuple[int, int, int, int] | None = None,
    ) -> None:
        self.paper = EscPos(columns, state, after)
        self.connections = 0
        self.left = threading.Event()
        """Somebody who was connected is gone."""
        self._fault = fault
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def address(self) -> str:
        return f"tcp:127.0.0.1:{self.port}"

    def __enter__(self) -> FakeReceiptPrinter:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                try:
                    self._talk(connection)
                except OSError:
                    continue
                finally:
                    self.left.set()

    def _talk(self, connection: socket.socket) -> None:
        fault, heard = self._fault, 0
        if fault is Fault.HALF_CLOSED:
            connection.shutdown(socket.SHUT_WR)
        # After the questions a faulty printer takes little of the paper.
        while content := connection.recv(_LITTLE.get(fault, 4096) if heard >= _ASKED else 4096):
            heard += len(content)
            answers = self.paper.read(content)
            if fault is Fault.GARBAGE:
                connection.sendall(b"HTTP")
            elif answers and fault not in (Fault.SILENT, Fault.HALF_CLOSED):
                connection.sendall(answers)
            if fault is Fault.FULL:
                self._ended.wait()
            elif fault is Fault.DRIP:
                self._ended.wait(0.05)
            elif fault is Fault.UNPLUGGED and heard > _ASKED:
                linger = struct.pack("ii", 1, 0)  # resets the connection
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                return
            if self._ended.is_set():
                return
