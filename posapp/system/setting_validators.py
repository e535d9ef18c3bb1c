"""Validators of settings, for values from a TOML file or from text."""

from __future__ import annotations

from collections.abc import Callable
from string import punctuation
from urllib.parse import urlsplit

Kind = Callable[[object, bool], object]
"""Takes a value and whether it is text (a variable, an option); returns the validated value.

Raises ``ValueError`` with what was expected; never with the value itself, which may be a misplaced
secret.
"""


def text(shortest: int, longest: int) -> Kind:
    """Return a validator for a text on one line, ``shortest`` to ``longest`` characters."""

    def read(value: object, from_text: bool) -> object:
        if isinstance(value, str) and value.isprintable() and shortest <= len(value) <= longest:
            return value
        raise ValueError(f"a text of {shortest} to {longest} characters")

    return read


def choice(*options: str) -> Kind:
    """Return a validator for one of the given options."""

    def read(value: object, from_text: bool) -> object:
        if isinstance(value, str) and value in options:
            return value
        raise ValueError("one of " + ", ".join(options))

    return read


def whole_number(least: int, most: int) -> Kind:
    """Return a validator for a whole number, of milliseconds, seconds or won."""

    def read(value: object, from_text: bool) -> object:
        if from_text and isinstance(value, str) and value.isascii() and value.isdigit():
            value = int(value[:12])
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        raise ValueError(f"a whole number from {least} to {most}")

    return read


def scan_prefix() -> Kind:
    """Return a validator for the prefix of a scanner: one ASCII punctuation mark, ``AIM``, or
    nothing. A letter or digit begins what people type, and Hangul mode would compose it."""

    def read(value: object, from_text: bool) -> object:
        if isinstance(value, str) and (value in ("", "AIM") or value in set(punctuation)):
            return value
        raise ValueError("one punctuation mark, AIM, or empty")

    return read


def web_address() -> Kind:
    """Return a validator for ``https://host`` or ``http://host``, with an optional port and path,
    without a slash at its end. The code that uses the address decides whether plain http is
    safe."""

    def read(value: object, from_text: bool) -> object:
        if isinstance(value, str) and _is_address(value):
            return value
        raise ValueError("an address like https://host, without a slash at its end")

    return read


def addresses() -> Kind:
    """Return a validator for a list of hosts or addresses; as text, separated by commas."""

    def read(value: object, from_text: bool) -> object:
        if from_text and isinstance(value, str):
            value = [part.strip() for part in value.split(",")]
        if isinstance(value, list) and 1 <= len(value) <= 20 and all(map(_is_host, value)):
            return tuple(value)
        raise ValueError("a list of hosts, like impay.link or http://127.0.0.1:5000")

    return read


def _is_host(value: object) -> bool:
    if not isinstance(value, str):
        return False
    address = value if "://" in value else f"https://{value}"
    return _is_address(address) and not urlsplit(address).path


def _is_address(value: str) -> bool:
    if not value.isascii() or not value.isprintable() or " " in value or value.endswith("/"):
        return False
    try:
        parts = urlsplit(value)
        fine = parts.port != 0
    except ValueError:
        return False
    plain = not parts.query and not parts.fragment and "@" not in value and "\\" not in value
    return fine and plain and parts.scheme in ("http", "https") and bool(parts.hostname)
