"""``posapp support``: one file for whoever helps, without secrets and personal data.

It contains the log, the doctor's report, versions, settings, and the number of rows by table.
"""

from __future__ import annotations

import getpass
import io
import json
import os
import platform
import sqlite3
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeVar

from posapp import __version__
from posapp.app.commands import CommandResult, doctor
from posapp.app.shop_config import Shop, gateway_settings_of, load_shop
from posapp.domain.errors import EnvironmentProblem, PosappError
from posapp.domain.settings import Settings
from posapp.domain.time_zone import SEOUL
from posapp.portone.tokens import KEY_NAME, SECRET_NAME
from posapp.services.ports.system import Clock
from posapp.store.files.backup import backup_folder, list_backups
from posapp.store.files.database_facts import facts_of, personal_texts
from posapp.store.files.refund_journal import FileIntentJournal, journal_path
from posapp.store.schema import SCHEMA_VERSION
from posapp.system.anonymiser import Anonymiser
from posapp.system.clock import SystemClock
from posapp.system.disk import disk_problem_of, free_bytes
from posapp.system.logging import FILE_BYTES, HIDDEN, Redactor
from posapp.system.paths import resolve_home
from posapp.system.shop_keyring import ShopKeyring
from posapp.ui.core.i18n import Translator

LIBRARIES = ("PySide6-Essentials", "SQLAlchemy", "alembic", "requests", "keyring", "Flask")

_SHOWN_SETTINGS = frozenset(
    "api_base connect_ms kakaopay_tax keyring_ms language link_base link_hosts link_mode "
    "link_seconds mode pay_method poll_ms poll_opened_ms read_ms scan_gap_ms scan_prefix "
    "tax_type theme total_ms".split()
)
"""Settings whose value is shown; of any other only is said whether it is set."""

T = TypeVar("T")

_LOGS = ("posapp.log*", "crash.log*")
_UNREAD = (OSError, sqlite3.Error, EnvironmentProblem)


def pack_support(
    home: str | None, environ: Mapping[str, str], to: Path | None = None, clock: Clock | None = None
) -> CommandResult:
    """Write the file, readable by this user only; its text is English.

    It is written of a shop that does not open, too: what cannot be read is named in it.

    Args:
        home: the value of ``--home``.
        to: a file, or a folder; ``None`` is the shop's folder of exports.

    Raises:
        EnvironmentProblem: it cannot be written.
    """
    problems: dict[str, str] = {}
    shop = _tried(lambda: load_shop(home, environ), "settings", problems)
    if shop is None:
        shop = Shop(resolve_home(home, environ), Settings())
    texts = Translator(shop.settings.language)
    path = _target(shop, to, (clock or SystemClock()).now())
    anonymiser = _anonymiser(shop)
    logs = dict(_read_logs(shop.home.logs))
    names = _tried(lambda: list(personal_texts(shop.home.database)), "names", problems)
    anonymiser.learn(names or (), logs.values())
    report = {
        "versions": _versions(),
        "settings": _settings(shop.settings),
        "database": _database(shop, problems),
        "problems": problems,
    }
    files = {
        "report.json": json.dumps(report, indent=2, ensure_ascii=True, default=str),
        "doctor.txt": _doctor(shop),
        **{f"logs/{name}": text for name, text in logs.items()},
    }
    _write(path, {name: anonymiser.clean(text) for name, text in files.items()})
    return CommandResult(
        (texts("commands.support_written", file=path), texts("commands.support_contains"))
    )


def _target(shop: Shop, to: Path | None, now: datetime) -> Path:
    chosen = (to or shop.home.exports).expanduser().absolute()
    if to is not None and not chosen.is_dir():
        return chosen
    return chosen / f"posapp-support-{now.astimezone(SEOUL):%Y%m%d-%H%M%S}.zip"


def _anonymiser(shop: Shop) -> Anonymiser:
    redactor = Redactor()
    settings = shop.settings
    host = gateway_settings_of(settings).key_host
    secrets = ShopKeyring(shop.home.root, host, settings.keyring_ms)
    for name in (KEY_NAME, SECRET_NAME):
        redactor.learn(_tried(partial(secrets.get, name), name, {}) or "")
    for name, value in asdict(settings).items():
        if name not in _SHOWN_SETTINGS:
            redactor.learn(str(value))
    return Anonymiser(redactor, (shop.home.root, Path.home()), _user())


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # the system knows no name
        return ""


def _read_logs(folder: Path) -> Iterable[tuple[str, str]]:
    """Yield name and text of each file of the log; of a longer one only its end."""
    for pattern in _LOGS:
        for path in sorted(folder.glob(pattern)):
            try:
                with path.open("rb") as file:
                    file.seek(max(0, path.stat().st_size - 2 * FILE_BYTES))
                    yield path.name, file.read().decode("utf-8", "replace")
            except OSError as error:
                yield path.name, f"not readable: {error.strerror}"


def _versions() -> dict[str, str]:
    found = {
        "posapp": __version__,
        "python": sys.version.split()[0],
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "sqlite": sqlite3.sqlite_version,
        "schema of the program": SCHEMA_VERSION,
    }
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "?"
    return found


def _settings(settings: Settings) -> dict[str, object]:
    values = asdict(settings)
    return {
        name: value if name in _SHOWN_SETTINGS else (HIDDEN if value else "")
        for name, value in values.items()
    }


def _database(shop: Shop, problems: dict[str, str]) -> dict[str, object]:
    database = shop.home.database
    facts = _tried(lambda: facts_of(database), "database", problems)
    copies = _tried(lambda: list_backups(backup_folder(database)), "backups", problems)
    journal = FileIntentJournal(journal_path(database))
    return {
        "schema": facts.schema if facts is not None else "",
        "size": facts.size if facts is not None else 0,
        "rows": facts.rows if facts is not None else {},
        "backups": len(copies or ()),
        "intents": _tried(lambda: len(journal.open_intents()), "journal", problems),
        "free": _tried(lambda: free_bytes(shop.home.root), "disk", problems),
    }


def _doctor(shop: Shop) -> str:
    english = replace(shop, settings=replace(shop.settings, language="en"))
    try:
        return "\n".join(doctor(english).lines)
    except PosappError as error:
        return f"{type(error).__name__}: {error}"


def _tried(read: Callable[[], T], name: str, problems: dict[str, str]) -> T | None:
    """Read one thing for the report; what cannot be read is noted, and the report goes on."""
    try:
        return read()
    except _UNREAD as error:
        problems[name] = f"{type(error).__name__}: {error}"
        return None


def _write(path: Path, files: dict[str, str]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    unfinished = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(packed.getvalue())
        unfinished.replace(path)
    except OSError as error:
        raise disk_problem_of(error, path) from error
