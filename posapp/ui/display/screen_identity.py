"""Tells screens apart, so that one is found again after it was unplugged or plugged in elsewhere.

A system may leave any part of what it says about a screen empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from PySide6.QtGui import QScreen

_SEPARATOR = "|"
_PARTS = 5


@dataclass(frozen=True, slots=True)
class ScreenIdentity:
    """What the system says about a screen.

    Attributes:
        maker, model, serial: of the device; each may be empty.
        name: of the connection, such as ``HDMI-1``.
        size: ``1920x1080``, in device-independent pixels.
    """

    maker: str
    model: str
    serial: str
    name: str
    size: str

    @classmethod
    def of(cls, screen: QScreen) -> Self:
        """Return the identity of a connected screen."""
        room = screen.geometry()
        return cls(
            _clean(screen.manufacturer()),
            _clean(screen.model()),
            _clean(screen.serialNumber()),
            _clean(screen.name()),
            f"{room.width()}x{room.height()}",
        )

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the identity that ``str`` wrote; ``None`` if the text is none."""
        parts = text.split(_SEPARATOR)
        return cls(*parts) if len(parts) == _PARTS and parts[3] and parts[4] else None

    def __str__(self) -> str:
        """Return the text that is stored as a setting."""
        return _SEPARATOR.join((self.maker, self.model, self.serial, self.name, self.size))

    def likeness(self, other: ScreenIdentity) -> int:
        """Return how well another screen is this one, 0 if it is not.

        The same device is found at any connection and size. Without a serial number on either
        side, at least the connection and the size have to be the same.
        """
        if self._contradicts(other):
            return 0
        is_here = self.name == other.name and self.size == other.size
        is_device = bool(self.serial) and self.serial == other.serial
        if not is_here and not is_device:
            return 0
        same = sum(mine == theirs for mine, theirs in zip(self._parts, other._parts, strict=True))
        return same + (_PARTS if is_device else 0)

    @property
    def _parts(self) -> tuple[str, ...]:
        return self.maker, self.model, self.serial, self.name, self.size

    def _contradicts(self, other: ScreenIdentity) -> bool:
        device = zip(self._parts[:3], other._parts[:3], strict=True)
        return any(mine and theirs and mine != theirs for mine, theirs in device)


def describe_screen(text: str) -> str:
    """Return a stored identity as people read it: device or connection, and size."""
    identity = ScreenIdentity.read(text)
    if identity is None:
        return text
    device = " ".join(part for part in (identity.maker, identity.model) if part)
    return f"{device or identity.name} · {identity.size.replace('x', ' × ')}"


def find_screen(wanted: ScreenIdentity, screens: Sequence[QScreen]) -> QScreen | None:
    """Return the connected screen that is most like the wanted one.

    Two that are equally like it are no answer: ``None``.
    """
    rated = sorted(((wanted.likeness(ScreenIdentity.of(one)), one) for one in screens), key=_rate)
    if not rated or not rated[-1][0]:
        return None
    if len(rated) > 1 and rated[-1][0] == rated[-2][0]:
        return None
    return rated[-1][1]


def _rate(rated: tuple[int, QScreen]) -> int:
    return rated[0]


def _clean(part: str) -> str:
    shown = "".join(letter for letter in part if letter.isprintable())
    return shown.replace(_SEPARATOR, " ").strip()[:40]
