"""A small client of the X protocol: real keys by XTEST, pictures, and a window manager's actions.

It uses the display's own socket (X11 protocol, release 7.7; XTEST 2.2), so that the tests need no
program and no library besides Xvfb.
"""

from __future__ import annotations

import itertools
import socket
import struct
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.picture import Picture

KEYS = {
    "Return": 0xFF0D,
    "Escape": 0xFF1B,
    "Tab": 0xFF09,
    "space": 0x20,
    "Up": 0xFF52,
    "Right": 0xFF53,
    "Down": 0xFF54,
    "Print": 0xFF61,
    "F1": 0xFFBE,
    "F2": 0xFFBF,
    "F3": 0xFFC0,
    "F4": 0xFFC1,
    "F5": 0xFFC2,
    "F6": 0xFFC3,
    "F7": 0xFFC4,
    "F8": 0xFFC5,
    "F11": 0xFFC8,
    "Ctrl": 0xFFE3,
    "Alt": 0xFFE9,
    "Shift": 0xFFE1,
    "Super": 0xFFEB,
    "AltGr": 0xFE03,
}
"""Key symbols of keys that are no characters; the symbol of other keys is their character."""

CURRENT_TIME = 0
_PRESS, _RELEASE, _BUTTON_PRESS, _BUTTON_RELEASE, _MOVE = 2, 3, 4, 5, 6
_VIEWABLE = 2
_WITH_PICTURE = 1
_Z_PIXMAP = 2
_TO_PARENT = 2
_FOR_MANAGERS = 0x180000
"""Mask of the events that a window manager selects at the root."""


class XError(Exception):
    """The server refused a request."""


@dataclass(frozen=True)
class Window:
    """A window of a program, as a window manager sees it."""

    number: int
    viewable: bool


class XClient:
    """One connection to one display, used by one thread."""

    def __init__(self, display: int, timeout: float) -> None:
        self._socket = _connected(display, timeout)
        self._sequence = itertools.count(1)
        self._sent = 0
        self._own = itertools.count(1)
        try:
            self._set_up()
            self._xtest = self._opcode_of("XTEST")
            self._key_codes = self._read_key_codes()
        except BaseException:
            self._socket.close()
            raise

    def close(self) -> None:
        self._socket.close()

    def press(self, key: str) -> None:
        """Press and release a key: a character that needs no shift, or one of ``KEYS``; or several
        at once, as in ``Ctrl+z``."""
        codes = [self._key_codes[KEYS.get(one) or ord(one)] for one in key.split("+")]
        pressed = [(_PRESS, code) for code in codes]
        self._fake(*pressed, *((_RELEASE, code) for code in reversed(codes)))

    def press_at_once(self, *keys: str) -> None:
        """Press and release keys in one request: no pause of this process comes between them."""
        codes = [self.code_of(key) for key in keys]
        self._fake(*((kind, code) for code in codes for kind in (_PRESS, _RELEASE)))

    def click(self, x: int, y: int) -> None:
        """Move the pointer to a place and press its left button."""
        self._fake((_MOVE, 0), (_BUTTON_PRESS, 1), (_BUTTON_RELEASE, 1), at=(x, y))

    def hit(self, code: int, held: Sequence[int] = ()) -> None:
        """Press and release the key of a code, while others are held."""
        pressed = [(_PRESS, one) for one in (*held, code)]
        self._fake(*pressed, *((_RELEASE, one) for one in (code, *reversed(held))))

    def press_button(self, button: int, x: int, y: int, held: Sequence[int] = ()) -> None:
        """Move the pointer to a place and press a button of it twice, while keys are held."""
        self._fake(*((_PRESS, one) for one in held))
        self._fake((_MOVE, 0), *[(_BUTTON_PRESS, button), (_BUTTON_RELEASE, button)] * 2, at=(x, y))
        self._fake(*((_RELEASE, one) for one in reversed(held)))

    def keyboard(self) -> dict[int, frozenset[int]]:
        """Return what each key of the keyboard can mean: the symbols by its code."""
        return {code: frozenset(found) - {0} for code, found in self._symbols().items()}

    def code_of(self, key: str) -> int:
        """Return the code of a key as ``press`` names it."""
        return self._key_codes[KEYS.get(key) or ord(key)]

    def numbers(self, name: str, window: int = 0) -> tuple[int, ...]:
        """Return a property of a window, of the root by default; empty: it has none."""
        body = struct.pack("<5I", window or self._root, self.atom(name), 0, 0, 1024)
        answer = self._ask(20, 0, body)
        (count,) = struct.unpack_from("<I", answer, 16)
        return struct.unpack_from(f"<{count}I", answer, 32) if answer[1] == 32 else ()

    def tell(self, window: int, kind: str, *numbers: int, manager: bool = False) -> None:
        """Send a program a message to its window, or the window manager one about it.

        Args:
            window: 0: the root.
        """
        place = window or self._root
        event = struct.pack("<BBHII", 33, 32, 0, place, self.atom(kind))
        event += struct.pack("<5I", *numbers, *[0] * (5 - len(numbers)))
        to = (self._root, _FOR_MANAGERS) if manager else (place, 0)
        self._send(25, 0, struct.pack("<II", *to) + event)
        self._input_focus()

    def place_of(self, window: int) -> tuple[int, int, int, int]:
        """Return where a window is on the screen: x, y, width, height."""
        size = self._ask(14, 0, struct.pack("<I", window))
        width, height = struct.unpack_from("<HH", size, 16)
        moved = self._ask(40, 0, struct.pack("<IIhh", window, self._root, 0, 0))
        x, y = struct.unpack_from("<hh", moved, 12)
        return x, y, width, height

    def is_viewable(self, window: int) -> bool:
        """Return whether a window can be seen now: it is shown, and has a picture at all."""
        try:
            checks = self._ask(3, 0, struct.pack("<I", window))
        except XError:
            return False  # it closed meanwhile
        return checks[26] == _VIEWABLE and struct.unpack_from("<H", checks, 12)[0] == _WITH_PICTURE

    def shown(self) -> list[int]:
        """Return all windows that are shown now, menus and the like as well, the lowest first."""
        return [one for one in self._children() if self.is_viewable(one)]

    def is_inside(self, window: int, outer: int) -> bool:
        """Return whether a window is another one, or lies in it as in a frame."""
        while window not in (outer, 0):
            window = struct.unpack_from("<I", self._ask(15, 0, struct.pack("<I", window)), 12)[0]
        return window == outer

    def open_window(self, width: int, height: int) -> int:
        """Open a window of another program; return it."""
        number = self._base + next(self._own)
        place = struct.pack("<hhHHHHII", 50, 50, width, height, 0, 1, 0, 0)
        self._send(1, 0, struct.pack("<II", number, self._root) + place)
        self._send(8, 0, struct.pack("<I", number))
        self._input_focus()
        return number

    def close_window(self, window: int) -> None:
        """Close a window that ``open_window`` opened."""
        self._send(4, 0, struct.pack("<I", window))
        self._input_focus()

    def windows(self) -> list[Window]:
        """Return the programs' windows, the lowest first, without menus and the like."""
        found = []
        for number in self._children():
            with suppress(XError):  # the window closed meanwhile
                checks = self._ask(3, 0, struct.pack("<I", number))
                input_only = struct.unpack_from("<H", checks, 12)[0] == 2
                if not checks[27] and not input_only:
                    found.append(Window(number, checks[26] == _VIEWABLE))
        return found

    def _children(self) -> tuple[int, ...]:
        tree = self._ask(15, 0, struct.pack("<I", self._root))
        (count,) = struct.unpack_from("<H", tree, 16)
        return struct.unpack_from(f"<{count}I", tree, 32)

    def focus_front(self) -> bool:
        """Give the focus to the front window, as a window manager does."""
        viewable = [window.number for window in self.windows() if window.viewable]
        if not viewable:
            return False
        if self._input_focus() != viewable[-1]:
            with suppress(XError):
                self._send(42, _TO_PARENT, struct.pack("<II", viewable[-1], CURRENT_TIME))
        return self._input_focus() == viewable[-1]

    def ask_to_close(self) -> None:
        """Ask the front window to close, as its close button does."""
        front = [window.number for window in self.windows() if window.viewable][-1]
        self.tell(front, "WM_PROTOCOLS", self.atom("WM_DELETE_WINDOW"))

    def picture(self) -> Picture:
        """Take a picture of the whole screen."""
        area = struct.pack("<IhhHHI", self._root, 0, 0, self._width, self._height, 0xFFFFFFFF)
        answer = self._ask(73, _Z_PIXMAP, area)
        # 32 bits a pixel: blue, green, red, unused.
        return Picture(self._width, self._height, answer[32:][1::4])

    def _fake(self, *events: tuple[int, int], at: tuple[int, int] = (0, 0)) -> None:
        requests = []
        for kind, detail in events:
            body = struct.pack("<BB2xII8xhh7xB", kind, detail, CURRENT_TIME, self._root, *at, 0)
            requests.append(self._request(self._xtest, 2, body))
        self._socket.sendall(b"".join(requests))
        self._input_focus()  # a round trip: the server has all requests now

    def _set_up(self) -> None:
        self._socket.sendall(struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0))
        status, length = struct.unpack("<BxxxxxH", self._read(8))
        body = self._read(length * 4)
        if status != 1:
            raise XError(f"no connection: {body[:100]!r}")
        (self._base,) = struct.unpack_from("<I", body, 4)
        (vendor,) = struct.unpack_from("<H", body, 16)
        formats = body[21]
        self._least_code, self._most_code = body[26], body[27]
        screen = 32 + (vendor + 3) // 4 * 4 + formats * 8
        (self._root,) = struct.unpack_from("<I", body, screen)
        self._width, self._height = struct.unpack_from("<HH", body, screen + 20)

    def _opcode_of(self, extension: str) -> int:
        answer = self._ask(98, 0, _named(extension))
        if not answer[8]:
            raise XError(f"no {extension}")
        return answer[9]

    def atom(self, name: str) -> int:
        """Return the number of a name."""
        return int(struct.unpack_from("<I", self._ask(16, 0, _named(name)), 8)[0])

    def _read_key_codes(self) -> dict[int, int]:
        """Return key codes by the symbol of the key without modifiers."""
        found = {symbols[0]: code for code, symbols in reversed(self._symbols().items())}
        return {symbol: code for symbol, code in found.items() if symbol}

    def _symbols(self) -> dict[int, tuple[int, ...]]:
        count = self._most_code - self._least_code + 1
        answer = self._ask(101, 0, struct.pack("<BBxx", self._least_code, count))
        width = answer[1]
        symbols = struct.unpack_from(f"<{count * width}I", answer, 32)
        return {self._least_code + n: symbols[n * width : (n + 1) * width] for n in range(count)}

    def _input_focus(self) -> int:
        return int(struct.unpack_from("<I", self._ask(43, 0, b""), 8)[0])

    def _send(self, opcode: int, data: int, body: bytes) -> int:
        self._socket.sendall(self._request(opcode, data, body))
        return self._sent & 0xFFFF

    def _request(self, opcode: int, data: int, body: bytes) -> bytes:
        """Return the bytes of the next request."""
        self._sent = next(self._sequence)
        whole = struct.pack("<BBH", opcode, data, 1 + (len(body) + 3) // 4) + body
        return whole + bytes(-len(whole) % 4)

    def _ask(self, opcode: int, data: int, body: bytes) -> bytes:
        number = self._send(opcode, data, body)
        while True:
            head = self._read(32)
            kind, sequence, length = struct.unpack_from("<BxHI", head)
            if kind == 0:
                if sequence == number:
                    raise XError(f"request {opcode}: error {head[1]}")
            elif kind == 1:
                whole = head + self._read(length * 4)
                if sequence == number:
                    return whole

    def _read(self, count: int) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            part = self._socket.recv(min(count - len(parts), 1 << 20))
            if not part:
                raise XError("the display is gone")
            parts += part
        return bytes(parts)


def _connected(display: int, timeout: float) -> socket.socket:
    place = f"/tmp/.X11-unix/X{display}"
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(timeout)
    try:
        # Without write access to /tmp the server has the abstract socket only.
        connection.connect(place if Path(place).exists() else f"\0{place}")
    except BaseException:
        connection.close()
        raise
    return connection


def _named(name: str) -> bytes:
    return struct.pack("<Hxx", len(name)) + name.encode("ascii")
