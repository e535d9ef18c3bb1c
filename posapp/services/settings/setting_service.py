"""Reads and changes the settings of a shop; every change is permitted first, and recorded."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from posapp.domain.actors import Actor
from posapp.domain.errors import (
    ErrorCode,
    GatewayCause,
    GatewayError,
    PosappError,
    UserError,
)
from posapp.domain.modes import Mode
from posapp.domain.money import Won
from posapp.domain.permissions import Permission
from posapp.domain.settings import BY_NAME, SETTINGS, Setting, Settings, text_of
from posapp.domain.staff_events import NewStaffEvent, StaffEventKind
from posapp.domain.vat import KakaoPayTax, TaxSplit
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.ports.settings import (
    SettingChange,
    SettingChanges,
    SettingPorts,
    SettingsFile,
)
from posapp.services.ports.setup import ChannelOffer
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork
from posapp.services.settings.shop_keys import KEY_NAMES, ShopKeys
from posapp.services.settings.unsaved_settings import UnsavedSettings

_OF_SETTINGS = frozenset({GatewayCause.UNAUTHORIZED, GatewayCause.ACCOUNT, GatewayCause.SETTINGS})
"""What settings can mend."""

HISTORY = 200
"""How many of the newest changes are looked through."""


@dataclass(frozen=True, slots=True)
class SettingState:
    """A setting with its value.

    Attributes:
        value: of the file, else the default.
        is_overridden: an environment variable or an option says otherwise; the file does not count.
        waits_for_restart: the running program uses an older value.
    """

    setting: Setting
    value: Any
    is_overridden: bool = False
    waits_for_restart: bool = False

    @property
    def is_default(self) -> bool:
        """Whether it has its default."""
        return bool(self.value == self.setting.default)


class SettingService:
    """Reads and changes settings. Thread-safe.

    Args:
        in_use: the settings that this program was started with.
        store: the shop's records, for a policy that reads who is signed in; ``None`` for a command
            that opens no database.
        keys: the keys of the shop's account; ``None`` where they are not changed.
        channel: key of the channel that the shop uses; empty if none is chosen.
    """

    def __init__(
        self,
        file: SettingsFile,
        changes: SettingChanges,
        access: AccessControl,
        clock: Clock,
        in_use: Settings,
        store: Store | None = None,
        keys: ShopKeys | None = None,
        channel: str = "",
    ) -> None:
        self._file = file
        self._changes = changes
        self._access = access
        self._clock = clock
        self._store = store
        self._keys, self._channel = keys, channel
        self._lock = threading.Lock()
        self._in_use = in_use
        started_with = file.read()
        self._overridden = frozenset(
            one.name
            for one in SETTINGS
            if getattr(started_with, one.name) != getattr(in_use, one.name)
        )

    def states(self) -> tuple[SettingState, ...]:
        """Return all settings with their values, in the order of the settings page.

        Raises:
            EnvironmentProblem: the file was edited into one that is invalid, or cannot be read.
        """
        values = self._file.read()
        return tuple(self._state(one, values) for one in SETTINGS)

    def is_contract_unfit(self) -> bool:
        """Return whether the kind of contract with KakaoPay in the settings cannot name what is on
        sale.

        Raises:
            EnvironmentProblem: the settings or the records cannot be read.
        """
        if self._store is None:
            return False
        contract = KakaoPayTax(self._file.read().kakaopay_tax)
        with self._store.snapshot() as uow:
            kinds = uow.goods.kinds_on_sale()
        return not contract.fits(TaxSplit.of((kind, Won(1)) for kind in kinds))

    def change(self, actor: Actor, name: str, text: str) -> SettingState:
        """Set a setting to a value as people type it.

        Raises:
            UserError: ``NOT_PERMITTED``; ``SETTING_VALUE``: it does not allow this value;
                ``SETTING_FIXED``: it is chosen at set-up.
            EnvironmentProblem: it does not fit the others, or the disk does not allow it.
        """
        setting = BY_NAME[name]
        try:
            value = setting.read(text, from_text=True)
        except ValueError as error:
            raise UserError(ErrorCode.SETTING_VALUE, name=name, expected=str(error)) from error
        return self._write(actor, setting, value)

    def reset(self, actor: Actor, name: str) -> SettingState:
        """Give a setting its default; raises like ``change``."""
        return self._write(actor, BY_NAME[name], None)

    def change_keys(self, actor: Actor, imp_key: str, imp_secret: str) -> None:
        """Test a pair of keys, and store it in the keyring.

        Raises:
            UserError: ``NOT_PERMITTED``; ``SETUP_CHANNEL`` and its like: the account has no channel
                of this shop; ``SETUP_CLOCK``.
            GatewayError: the keys are refused, or PortOne cannot be reached.
            EnvironmentProblem: the keyring or the disk does not allow it.
        """
        keys = self._shop_keys()
        with self._acting(actor):
            pass  # who may not is told before PortOne is asked
        first, second = (
            BY_NAME[name].read(text, from_text=True)
            for name, text in zip(KEY_NAMES, (imp_key, imp_secret), strict=True)
        )
        keys.test(first, second, self._channel)
        now = self._clock.now()
        with self._lock, self._acting(actor) as uow:
            keys.store(first, second)
            self._append(uow, [SettingChange(now, actor, one, "", "") for one in KEY_NAMES])
            if uow is not None:
                uow.commit()

    def test_account(self) -> int:
        """Return how many KakaoPay channels the account of the stored keys has.

        Raises:
            UserError: ``SETUP_CLOCK``; ``SETUP_CHANNEL`` and its like: the chosen one is not there,
                or of the other kind.
            GatewayError, EnvironmentProblem: the keys are refused or missing, or PortOne cannot be
                reached.
        """
        return self._shop_keys().require_chosen(self._channel)

    def offers(self) -> tuple[ChannelOffer, ...]:
        """Return the KakaoPay channels of the account that take payments of this shop's kind.

        Raises:
            UserError: ``SETUP_CLOCK``.
            GatewayError, EnvironmentProblem: the keys are refused or missing, or PortOne cannot be
                reached.
        """
        return self._shop_keys().fitting_offers()

    def receipt_offers(self) -> tuple[ChannelOffer, ...]:
        """Return the channels of the account that may issue cash receipts of this shop's kind;
        whether they have that contract is known once one is issued. Raises like ``offers``."""
        return self._shop_keys().fitting_receipt_offers()

    def find_problem(self) -> PosappError | None:
        """Return why this shop could not take a payment, as far as its keyring, keys, channel and
        clock say; ``None``: nothing is wrong, or PortOne cannot be asked now."""
        if self._keys is None or self._in_use.mode is Mode.DEMO:
            return None
        try:
            self.test_account()
        except GatewayError as error:
            return error if error.cause in _OF_SETTINGS else None
        except PosappError as error:
            return error
        return None

    def history(self, name: str = "") -> tuple[SettingChange, ...]:
        """Return the newest changes of a setting, or of all, the newest first."""
        return tuple(one for one in self._changes.newest(HISTORY) if name in ("", one.name))

    def staff_names(self) -> dict[int, str]:
        """Return the names of the staff, by number; none where no records are open."""
        if self._store is None:
            return {}
        with self._store.snapshot() as uow:
            return uow.staff.names()

    def _shop_keys(self) -> ShopKeys:
        if self._keys is None:
            raise RuntimeError("the keys of this shop are not changed here")
        return self._keys

    def _write(self, actor: Actor, setting: Setting, value: Any) -> SettingState:
        if setting.is_fixed or setting.is_secret:
            raise UserError(ErrorCode.SETTING_FIXED, name=setting.name)
        with self._lock, self._acting(actor) as uow:
            before = self._file.read()
            after = self._file.write({setting.name: value})
            self._record(uow, actor, {setting.name: (before, after)})
            if uow is not None:
                uow.commit()
        return self._state(setting, after)

    def _record(
        self,
        uow: UnitOfWork | None,
        actor: Actor,
        changed: Mapping[str, tuple[Settings, Settings]],
    ) -> None:
        """Record what changed; if that fails, the file gets its old values again."""
        now = self._clock.now()
        texts = {
            name: tuple(text_of(getattr(values, name)) for values in both)
            for name, both in changed.items()
        }
        rows = [
            SettingChange(now, actor, name, old, new)
            for name, (old, new) in texts.items()
            if old != new
        ]
        if not rows:
            return
        try:
            self._append(uow, rows)
        except BaseException:
            self._file.write({name: getattr(both[0], name) for name, both in changed.items()})
            raise

    def _append(self, uow: UnitOfWork | None, rows: Sequence[SettingChange]) -> None:
        """Record changes beside the settings and, where there is a database, in the chain of staff
        events."""
        for one in rows:
            if uow is None:
                break
            change = f"{one.name}: {one.old} → {one.new}" if one.name not in KEY_NAMES else one.name
            event = StaffEventKind.SETTING_CHANGED
            uow.staff.append(NewStaffEvent(event, one.at, None, one.actor, change))
        self._changes.append(uow, rows)

    @contextmanager
    def _acting(self, actor: Actor) -> Iterator[UnitOfWork | None]:
        if self._store is None:
            self._access.require(None, actor, Permission.CHANGE_SETTINGS)
            yield None
            return
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.CHANGE_SETTINGS)
            yield uow

    def _state(self, setting: Setting, values: Settings) -> SettingState:
        value = getattr(values, setting.name)
        is_overridden = setting.name in self._overridden
        is_older = value != getattr(self._in_use, setting.name) and setting.needs_restart
        return SettingState(setting, value, is_overridden, is_older and not is_overridden)


def build_setting_service(
    ports: SettingPorts | None, store: Store, clock: Clock, access: AccessControl
) -> SettingService:
    """Return the settings of a till; without ports, settings that are kept until it ends."""
    if ports is None:
        unsaved = UnsavedSettings()
        return SettingService(unsaved, unsaved, access, clock, unsaved.read(), store)
    mode = ports.in_use.mode or Mode.DEMO
    keys = ShopKeys(ports.secrets, ports.probe, clock, mode)
    return SettingService(
        *(ports.file, ports.changes, access, clock, ports.in_use, store),
        keys=keys,
        channel=ports.channel,
    )
