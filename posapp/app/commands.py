"""Commands without a window: doctor, ledger. They return lines to print and an exit code.

Exit codes: 0 all is well, 1 something was found or refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from posapp.app.options import OptionProblem
from posapp.app.seal_keys import known_key
from posapp.app.shop_config import Shop, gateway_settings_of
from posapp.domain.errors import (
    EnvironmentCode,
    EnvironmentProblem,
    GatewayCause,
    GatewayError,
    GatewayOutcome,
    PosappError,
)
from posapp.domain.ledger import ChainBreak
from posapp.domain.modes import Mode
from posapp.domain.seals import SealKey, SealState
from posapp.portone.client import PortOneGateway
from posapp.portone.tokens import KEY_NAME, SECRET_NAME
from posapp.services.ports.system import Secrets
from posapp.store.files.integrity_check import find_damage, newest_made_at
from posapp.store.files.ledger_check import verify_ledger, verify_staff_events
from posapp.store.files.refund_journal import FileIntentJournal, journal_path
from posapp.store.files.z_report_check import verify_z_addenda, verify_z_reports
from posapp.store.ledger_seals import check_seals, check_staff_seals
from posapp.store.shop_mode import mode_of, refuse_another_mode
from posapp.system.clock import SystemClock
from posapp.system.disk import free_bytes
from posapp.system.doctor import Check, Subjects, run_checks
from posapp.system.keyring_secrets import KeyringSecrets
from posapp.system.shop_keyring import ShopKeyring
from posapp.system.storage_place import inspect_storage
from posapp.ui.core.fonts import hangul_family
from posapp.ui.core.i18n import Translator


@dataclass(frozen=True, slots=True)
class CommandResult:
    """Output lines of a command, and its exit code."""

    lines: tuple[str, ...]
    code: int = 0


def check_ledger(shop: Shop) -> CommandResult:
    """Check the chain of the ledger and its seals, then the Z reports and the staff events, and
    report which of them is wrong, and where.

    Raises:
        EnvironmentProblem: the database cannot be read.
    """
    texts = Translator(shop.settings.language)
    found = verify_ledger(shop.home.database)
    if isinstance(found, ChainBreak):
        what = texts(f"commands.ledger_{found.what}")
        return CommandResult((texts("commands.ledger_wrong", row=found.seq, what=what),), 1)
    secrets = KeyringSecrets(time_limit_ms=shop.settings.keyring_ms, host="")
    key = known_key(secrets, shop.home.database)
    seals = check_seals(shop.home.database, key)
    lines = [texts("commands.ledger_right", rows=found)]
    if seals.state is not SealState.EMPTY:
        name = key.id if key is not None else ""
        text_id = f"commands.seal_{seals.state.value}"
        lines.append(texts(text_id, row=seals.row, seals=seals.seals, key=name))
    report_lines, report_fault = _check_z_reports(texts, shop)
    staff_lines, staff_fault = _check_staff_events(texts, shop, key)
    is_fault = seals.is_fault or report_fault or staff_fault
    return CommandResult((*lines, *report_lines, *staff_lines), 1 if is_fault else 0)


def _check_z_reports(texts: Translator, shop: Shop) -> tuple[list[str], bool]:
    """Return lines about the Z reports and their addenda, and whether one is wrong; none without
    any."""
    found = verify_z_reports(shop.home.database)
    if isinstance(found, ChainBreak):
        what = texts(f"commands.ledger_{found.what}")
        return [texts("commands.z_reports_wrong", number=found.seq, what=what)], True
    lines = [texts("commands.z_reports_right", reports=found)] if found else []
    added = verify_z_addenda(shop.home.database)
    if isinstance(added, ChainBreak):
        what = texts(f"commands.ledger_{added.what}")
        return [*lines, texts("commands.z_addenda_wrong", number=added.seq, what=what)], True
    if added:
        lines.append(texts("commands.z_addenda_right", addenda=added))
    return lines, False


def _check_staff_events(
    texts: Translator, shop: Shop, key: SealKey | None
) -> tuple[list[str], bool]:
    """Return lines about the staff events, and whether something is wrong; none without staff."""
    found = verify_staff_events(shop.home.database)
    if isinstance(found, ChainBreak):
        what = texts(f"commands.ledger_{found.what}")
        return [texts("commands.staff_events_wrong", row=found.seq, what=what)], True
    if not found:
        return [], False
    seals = check_staff_seals(shop.home.database, key)
    name = key.id if key is not None else ""
    text_id = f"commands.staff_seal_{seals.state.value}"
    return [
        texts("commands.staff_events_right", rows=found),
        texts(text_id, row=seals.row, seals=seals.seals, key=name),
    ], seals.is_fault


def doctor(shop: Shop) -> CommandResult:
    """Check settings, keyring, database with its backups and journal, disk, font, PortOne and the
    clock; each problem comes with advice."""
    texts = Translator(shop.settings.language)
    settings = shop.settings
    clock = SystemClock()
    mode = settings.mode
    if mode is None and shop.home.database.exists() and _is_of_demo(shop.home.database):
        mode = Mode.DEMO
    portone = gateway_settings_of(settings)
    secrets = ShopKeyring(shop.home.root, portone.key_host, settings.keyring_ms)
    gateway = PortOneGateway(portone, secrets, clock)
    subjects = Subjects(
        settings=lambda: f"{shop.home.settings} · {mode or shop.mode}",
        keyring=lambda: f"{secrets.check()} · {_keys_for(secrets, portone.key_host)}",
        database=lambda: _check_database(shop.home.database, mode),
        storage=lambda: inspect_storage(shop.home.root),
        newest_copy=lambda: newest_made_at(shop.home.database),
        free_bytes=lambda: free_bytes(shop.home.root),
        journal=lambda: _check_journal(shop.home.database),
        font=hangul_family,
        server_now=lambda: _time_of_own_account(gateway),
    )
    checks = run_checks(subjects, clock)
    gateway.close()
    # A demo shop has its own PortOne and its own keys, and a shop that is not set up has neither.
    # Without a database, backups and journal are not expected.
    left_out = {"keyring", "portone", "clock"} if mode in (Mode.DEMO, None) else set()
    if not shop.home.database.exists():
        left_out |= {"backups", "journal"}
    counted = [one for one in checks if one.name not in left_out]
    lines = [check_line(texts, one) for one in counted]
    if mode is Mode.DEMO:
        lines.append(texts("commands.doctor_demo"))
    return CommandResult(tuple(lines), 0 if all(one.ok for one in counted) else 1)


def _time_of_own_account(gateway: PortOneGateway) -> datetime:
    """Return PortOne's clock; raises GatewayError unless the keys open this shop's account."""
    theirs = gateway.server_now()
    if not gateway.is_own_account():
        raise GatewayError(GatewayOutcome.REFUSED, GatewayCause.ACCOUNT)
    return theirs


def problem_lines(error: PosappError, language: str) -> tuple[str, ...]:
    """Return the error as lines for the terminal."""
    texts = Translator(language)
    if isinstance(error, OptionProblem):
        return (error.sentence(texts),)
    detail = getattr(error, "detail", "")
    return tuple(line for line in (texts.error(error), str(detail)) if line)


def _keys_for(secrets: Secrets, host: str) -> str:
    """Return the host if its keys are present; raises SECRET_MISSING with the missing entry."""
    for name in (KEY_NAME, SECRET_NAME):
        secrets.get(name)
    return host


def _is_of_demo(path: Path) -> bool:
    try:
        return mode_of(path) is Mode.DEMO
    except EnvironmentProblem:
        return False  # _check_database reports the problem


def _check_database(path: Path, mode: Mode | None) -> str:
    wrong = find_damage(path)
    if wrong:
        raise EnvironmentProblem(EnvironmentCode.DATABASE_CORRUPT, wrong)
    if mode is not None and path.exists():
        refuse_another_mode(path, mode)
    return str(path) if path.exists() else f"{path} (-)"


def _check_journal(database: Path) -> tuple[int, int]:
    journal = FileIntentJournal(journal_path(database))
    return len(journal.open_intents()), journal.unreadable()


def check_line(texts: Translator, check: Check) -> str:
    """Return a check as a line, with advice below it if something is wrong."""
    sign = "✓" if check.ok else "✗"
    line = f"{sign} {texts(f'commands.doctor_{check.name}')}: {check.detail or '-'}"
    if check.ok or not check.advice:
        return line
    return f"{line}\n    → {_advice(texts, check)}"


def _advice(texts: Translator, check: Check) -> str:
    """Return what to do: the doctor's own advice, or what the error says."""
    own = f"commands.advice_{check.advice}"
    if texts.has(own):
        return texts(own)
    code, cause = f"errors.env_{check.advice}", f"errors.{check.advice}"
    return texts(code if texts.has(code) else cause, detail=check.detail)
