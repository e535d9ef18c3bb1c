"""Kinds of settings: which values each allows, given as text or as a value of a TOML file.

A kind raises ``ValueError`` with what it expects; never with the value itself, which may be a
misplaced secret.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address
from string import punctuation
from typing import Protocol

from posapp.domain.business_number import format_business_number
from posapp.domain.kiosk_keys import read_keys
from posapp.domain.text import ZERO_WIDTH_JOINER, without_invisible

MOST_HOSTS = 20
MOST_PATTERNS = 10
_LONGEST_NUMBER = 12
_LARGEST_PORT = 65_535
_ADDRESS = re.compile(
    r"https?://(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[A-Za-z0-9._~%/-]*)?"
)

_MOBILE = re.compile(r"01[016789][0-9]{7,8}")
_LAN_ADDRESS = re.compile(
    r"(?P<host>[0-9.]{7,15}):(?P<port>[0-9]{1,5})(?P<path>/[A-Za-z0-9._~/-]{0,100})?"
)


_SERIAL = re.compile(r"/dev/(tty|cu|serial/by-(id|path)/)[A-Za-z0-9._:-]{1,100}")
_SIGNAL = re.compile(r"((?:[0-9A-Fa-f]{2}){1,16}(?:, ?(?:[0-9A-Fa-f]{2}){1,16})?)?")
_USB_PRINTER = re.compile(r"/dev/usb/lp[0-9]{1,2}")
_SERIAL_PRINTER = re.compile(rf"({_SERIAL.pattern}|COM[1-9][0-9]{{0,2}})@([0-9]{{4,6}})")
SERIAL_SPEEDS = (9_600, 19_200, 38_400, 57_600, 115_200)
"""Bits a second of a receipt printer at a serial port."""

_QUEUE = re.compile(r"[^\s/#-][^/#]{0,99}")
"""No name that a program could read as an option or a path."""


class Unit(StrEnum):
    """Unit of a number."""

    NONE = ""
    MILLISECONDS = "ms"
    SECONDS = "s"
    MINUTES = "min"
    PERCENT = "percent"
    WON = "won"
    MILLIMETRES = "mm"


class Kind(Protocol):
    """Validator of one kind of setting."""

    def read(self, value: object, *, from_text: bool) -> object:
        """Return the valid value.

        Args:
            from_text: the value is a text (a variable, an option, a field on screen).

        Raises:
            ValueError: what was expected.
        """
        ...


@dataclass(frozen=True, slots=True)
class TextKind:
    """A text on one line, ``shortest`` to ``longest`` characters. Invisible characters are dropped,
    and text that shows nothing is empty."""

    shortest: int
    longest: int

    def read(self, value: object, *, from_text: bool) -> object:
        """See ``Kind``."""
        text = without_invisible(value) if isinstance(value, str) else "\n"
        if not text.strip(" "):
            text = ""
        is_line = text.replace(ZERO_WIDTH_JOINER, "").isprintable()
        if is_line and self.shortest <= len(text) <= self.longest:
            return text
        raise ValueError(f"a text of {self.shortest} to {self.longest} characters")


@dataclass(frozen=True, slots=True)
class ChoiceKind:
    """One of the given options."""

    options: tuple[str, ...]

    def read(self, value: object, *, from_text: bool) -> object:
        """See ``Kind``."""
        if isinstance(value, str) and value in self.options:
            return value
        raise ValueError("one of " + ", ".join(self.options))


@dataclass(frozen=True, slots=True)
class NumberKind:
    """A whole number from ``least`` to ``most``.

    Attributes:
        or_zero: 0 is allowed besides: nothing was measured.
    """

    least: int
    most: int
    unit: Unit = Unit.NONE
    or_zero: bool = False

    def read(self, value: object, *, from_text: bool) -> object:
        """See ``Kind``."""
        if from_text and isinstance(value, str) and value.isascii() and value.isdigit():
            value = int(value[:_LONGEST_NUMBER])
        is_number = isinstance(value, int) and not isinstance(value, bool)
        if is_number and self._allows(int(str(value))):
            return value
        zero = "0 or " if self.or_zero else ""
        raise ValueError(f"{zero}a whole number from {self.least} to {self.most}")

    def _allows(self, number: int) -> bool:
        return self.least <= number <= self.most or (self.or_zero and number == 0)


class ScanPrefixKind:
    """The prefix of a scanner: one ASCII punctuation mark, ``AIM``, or nothing. A letter or digit
    begins what people type, and Hangul mode would compose it."""

    __slots__ = ()

    def read(self, value: object, *, from_text: bool) -> object:
        """See ``Kind``."""
        if isinstance(value, str) and (value in ("", "AIM") or value in set(punctuation)):
            return value
        raise ValueError("one punctuation mark, AIM, or empty")


class BusinessNumberKind:
    """A business registration number with a right check digit, or nothing."""

    __slots__ = ()

    def read(self, value: object, *, from_text: bool) -> object:
        """See ``Kind``."""
        if value == "":
            return value
        if isinstance(value, str):
            return format_business_number(value)
        raise ValueError("a business registration number of 10 digits")


class MobileNumberKind:
    """A mobile phone number; its digits count."""

    __slots__ = ()

    def read(self, value: object, *, from_text: bool) -> object:
        """See ``Kind``."""
        digits = value.replace("-", "").replace(" ", "") if isinstance(value, str) else ""
        if _MOBILE.fullmatch(digits):
            return digits
        raise ValueError("a mobile phone number like 010-000-1234")


class AddressKind:
    """``https://host`` or ``http://host``, with an optional port and path, without a slash at its
    end. The code that uses the address decides whether plain http is safe."""

    __slots__ = ()

    def read(self, value: object, *, from_text: bool) -> object:
        """See ``Kind``."""
        if isinstance(value, str) and _is_address(value):
            return value
        raise ValueError("an address like https://host, without a slash at its end")


class HostsKind:
    """A list of hosts or addresses without a path; as text, separated by commas."""

    __slots__ = ()

    def read(self, value: object, *, from_text: bool) -> object:
        """See ``Kind``."""
        if from_text and isinstance(value, str):
            value = [part.strip() for part in value.split(",")]
        if isinstance(value, list) and 1 <= len(value) <= MOST_HOSTS and all(map(_is_host, value)):
            return tuple(value)
        raise ValueError("a list of hosts, like impay.link or http://127.0.0.1:5000")


class CallAddressKind:
    """Where a call for staff goes: a device in the shop's own network by numbers, port and path, a
    serial port of Linux or macOS, or nothing."""

    __slots__ = ()

    def read(self, value: object, *, from_text: bool) -> object:
        """See ``Kind``."""
        if value == "":
            return value
        if isinstance(value, str) and (_is_lan_address(value) or _SERIAL.fullmatch(value)):
            return value
        raise ValueError(
            "an address of the shop's network, like 192.168.0.20:9100, or /dev/ttyUSB0"
        )


class SignalKind:
    """Bytes that switch a bell on and, after a comma, off again, or nothing."""

    __slots__ = ()

    def read(self, value: object, *, from_text: bool) -> object:
        """See ``Kind``."""
        if isinstance(value, str) and _SIGNAL.fullmatch(value):
            return value
        raise ValueError("bytes in hexadecimal, like A00101A2, A00100A1, or empty")


class PrinterKind:
    """The address of a receipt printer, or nothing: ``tcp:`` with numbers and port in the shop's
    network, ``usb:`` with a device of Linux, ``serial:`` with a port and one of ``SERIAL_SPEEDS``,
    ``queue:`` with the name of a queue of the system."""

    __slots__ = ()

    def read(self, value: object, *, from_text: bool) -> object:
        """See ``Kind``."""
        if value == "":
            return value
        if isinstance(value, str) and _is_printer(value):
            return value
        raise ValueError(
            "tcp:192.168.0.20:9100, usb:/dev/usb/lp0, serial:/dev/ttyUSB0@9600, serial:COM3@19200 "
            "or queue:NAME, or empty"
        )


class LabelPatternsKind:
    """Patterns of labels that do not overlap (``label_patterns``), or none; as text, separated by
    commas."""

    __slots__ = ()

    def read(self, value: object, *, from_text: bool) -> object:
        """See ``Kind``."""
        # Imported here: the first window does not need it.
        from posapp.domain.label_patterns import parse_patterns

        if from_text and isinstance(value, str):
            value = [part for part in value.split(",") if part.strip()]
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise ValueError("patterns like 21PPPPPVVVVVC, or empty")
        if len(value) > MOST_PATTERNS:
            raise ValueError(f"at most {MOST_PATTERNS} patterns")
        return tuple(one.text for one in parse_patterns(value))


class KioskKeysKind:
    """Keys that a kiosk's keypad has besides the standard ones, or nothing
    (``kiosk_keys.read_keys``)."""

    __slots__ = ()

    def read(self, value: object, *, from_text: bool) -> object:
        """See ``Kind``."""
        if not isinstance(value, str):
            raise ValueError("pairs like repeat=F13, louder=VolumeUp, or empty")
        read_keys(value)
        return ", ".join(part.strip() for part in value.split(",")) if value.strip() else ""


@dataclass(frozen=True, slots=True)
class SecretKind:
    """A key that is stored in the keyring only: visible ASCII."""

    longest: int = 500

    def read(self, value: object, *, from_text: bool) -> object:
        """See ``Kind``."""
        if isinstance(value, str) and value.isascii() and value.isprintable():
            key = value.strip()  # as it was pasted
            if 1 <= len(key) <= self.longest and " " not in key:
                return key
        raise ValueError(f"a key of 1 to {self.longest} letters and digits, without blanks")


def _is_host(value: object) -> bool:
    if not isinstance(value, str):
        return False
    found = _ADDRESS.fullmatch(value if "://" in value else f"https://{value}")
    return found is not None and not found["path"] and _is_port(found["port"])


def _is_address(value: str) -> bool:
    found = _ADDRESS.fullmatch(value)
    return found is not None and not value.endswith("/") and _is_port(found["port"])


def _is_lan_address(value: str) -> bool:
    found = _LAN_ADDRESS.fullmatch(value)
    if found is None or not _is_port(found["port"]):
        return False
    try:
        host = IPv4Address(found["host"])
    except ValueError:
        return False
    return host.is_private and not host.is_unspecified


def _is_printer(value: str) -> bool:
    way, _, place = value.partition(":")
    if way == "tcp":
        return "/" not in place and _is_lan_address(place)
    if way == "usb":
        return _USB_PRINTER.fullmatch(place) is not None
    if way == "serial":
        named = _SERIAL_PRINTER.fullmatch(place)
        return named is not None and int(place.rpartition("@")[2]) in SERIAL_SPEEDS
    return way == "queue" and _QUEUE.fullmatch(place) is not None and place.isprintable()


def _is_port(text: str | None) -> bool:
    return text is None or 0 < int(text) <= _LARGEST_PORT
