"""A shop's settings: a TOML file, overridden by environment variables, overridden by options.

A flat list of names that are the same everywhere: ``shop_name`` in the file is ``POSAPP_SHOP_NAME``
in the environment and ``--shop-name`` on the command line. No secret is ever a setting.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.hosts import PUBLISHED, is_published
from posapp.domain.modes import Mode
from posapp.system.disk import disk_problem_of
from posapp.system.setting_validators import (
    Kind,
    addresses,
    choice,
    scan_prefix,
    text,
    web_address,
    whole_number,
)

PREFIX = "POSAPP_"
MAX_LIMIT = 1_000_000_000
"""Largest limit of refunds, in won."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; the values here are the defaults without a file.

    Attributes:
        mode: the till's mode; ``None`` if it is not set, and then no till is opened.
        link_hosts: allowed hosts of a payment link (see ``portone.settings``).
        link_seconds: how long a QR is valid.
        poll_ms, poll_opened_ms, connect_ms, read_ms, total_ms, keyring_ms: milliseconds.
        scan_gap_ms: maximum milliseconds between two key presses of a scanner. Keys that could
            trigger something wait as long; more is for slow scanners only.
        scan_prefix: what the scanner sends before each code: a punctuation mark that nobody types,
            ``AIM`` for the AIM symbology identifier (``]C1``), or empty.
        refund_without_pin, refund_with_pin, refund_second_person, refund_day: limits of refunds in
            won (``domain.refund_limits``).
        lock_after_s: seconds without use after which the till asks for a PIN.
    """

    shop_name: str = "우리 가게"
    mode: Mode | None = None
    language: str = "ko"
    theme: str = "light"
    api_base: str = "https://api.iamport.kr"
    link_base: str = "https://api.iamport.co"
    user_code: str = ""
    channel_key: str = ""
    pay_method: str = "kakaopay"
    link_mode: str = "direct"
    link_hosts: tuple[str, ...] = ("impay.link",)
    link_seconds: int = 300
    poll_ms: int = 2_000
    poll_opened_ms: int = 700
    connect_ms: int = 5_000
    read_ms: int = 60_000
    total_ms: int = 75_000
    keyring_ms: int = 10_000
    scan_gap_ms: int = 50
    scan_prefix: str = ""
    refund_without_pin: int = 50_000
    refund_with_pin: int = 300_000
    refund_second_person: int = 1_000_000
    refund_day: int = 1_000_000
    lock_after_s: int = 180

    @property
    def live(self) -> bool:
        """Whether the till takes real money: payments of test channels are refused."""
        return self.mode is Mode.LIVE


_KINDS: dict[str, Kind] = {
    "shop_name": text(1, 40),
    "mode": choice(*Mode),
    "language": choice("ko", "en"),
    "theme": choice("light", "dark", "contrast"),
    "api_base": web_address(),
    "link_base": web_address(),
    "user_code": text(0, 40),
    "channel_key": text(0, 100),
    "pay_method": text(1, 40),
    "link_mode": choice("direct", "buttons"),
    "link_hosts": addresses(),
    "link_seconds": whole_number(60, 1800),
    "poll_ms": whole_number(200, 60_000),
    "poll_opened_ms": whole_number(500, 60_000),
    "connect_ms": whole_number(100, 60_000),
    "read_ms": whole_number(100, 600_000),
    "total_ms": whole_number(100, 600_000),
    "keyring_ms": whole_number(100, 120_000),
    "scan_gap_ms": whole_number(20, 100),
    "scan_prefix": scan_prefix(),
    "refund_without_pin": whole_number(0, MAX_LIMIT),
    "refund_with_pin": whole_number(0, MAX_LIMIT),
    "refund_second_person": whole_number(0, MAX_LIMIT),
    "refund_day": whole_number(0, MAX_LIMIT),
    "lock_after_s": whole_number(30, 1_800),
}
NAMES = tuple(each.name for each in fields(Settings))


def load(
    path: Path, environ: Mapping[str, str] | None = None, options: Mapping[str, str] | None = None
) -> Settings:
    """Read the settings of a shop; a missing file means the defaults of ``Settings``.

    Args:
        environ: variables; only ``POSAPP_`` followed by a setting's name is read.
        options: settings from the command line, by their names.

    Raises:
        EnvironmentProblem: SETTINGS_BAD with the place and the name of the error, or the file
            cannot be read.
    """
    values = _from_file(path)
    for name in NAMES:
        variable = PREFIX + name.upper()
        if environ is not None and variable in environ:
            values[name] = _value(name, environ[variable], variable, from_text=True)
    for name, given in (options or {}).items():
        place = f"--{name.replace('_', '-')}"
        if name not in _KINDS:
            raise bad(place, "unknown")
        values[name] = _value(name, given, place, from_text=True)
    settings = Settings(**values)
    if settings.live:
        _refuse_foreign_hosts(settings, path)
    return settings


def check(name: str, given: str) -> None:
    """Refuse a value that the setting ``name`` does not allow; raises SETTINGS_BAD."""
    _value(name, given, name, from_text=True)


def bad(place: str, what: str) -> EnvironmentProblem:
    """Return the problem for an invalid setting, with its place and its error."""
    return EnvironmentProblem(EnvironmentCode.SETTINGS_BAD, f"{place}: {what}")


def read_text(path: Path) -> str:
    """Return the file's text, empty if there is none.

    Raises:
        EnvironmentProblem: it cannot be read, or is not UTF-8.
    """
    try:
        # Reads bytes: reading as text would change the line ends of a Windows editor.
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise disk_problem_of(error, path) from error
    except UnicodeDecodeError as error:
        raise bad(path.name, "not UTF-8") from error


def _from_file(path: Path) -> dict[str, Any]:
    content = read_text(path)
    try:
        table = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise bad(path.name, str(error)) from error
    values: dict[str, Any] = {}
    for name, given in table.items():
        place = f"{path.name}{_line_of(name, content)}: {name}"
        if name not in _KINDS:
            raise bad(place, "unknown")
        values[name] = _value(name, given, place, from_text=False)
    return values


def _value(name: str, given: object, place: str, *, from_text: bool) -> object:
    try:
        value = _KINDS[name](given, from_text)
    except ValueError as error:
        raise bad(place, str(error)) from error
    return Mode(str(value)) if name == "mode" else value


def _line_of(name: str, content: str) -> str:
    for number, line in enumerate(content.splitlines(), start=1):
        if re.match(rf"\s*\[*\s*[\"']?{re.escape(name)}\b", line):
            return f" line {number}"
    return ""


def _refuse_foreign_hosts(settings: Settings, path: Path) -> None:
    for name, host in PUBLISHED.items():
        if not is_published(name, str(getattr(settings, name))):
            raise bad(f"{path.name}: {name}", f"https://{host} only when live")
    if any(host.startswith("http://") for host in settings.link_hosts):
        raise bad(f"{path.name}: link_hosts", "https only when live")
