"""All that a set-up of a shop needs, in memory: folder, account, keyring, staff."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from posapp.domain.errors import (
    EnvironmentCode,
    EnvironmentProblem,
    ErrorCode,
    GatewayError,
    UserError,
)
from posapp.domain.modes import Mode
from posapp.domain.settings import Settings
from posapp.services.ports.setup import AccountFacts, ChannelOffer, SetupState
from posapp.services.ports.system import Secrets
from posapp.services.settings.setup import Setup
from posapp.services.settings.setup_steps import Step
from posapp.services.settings.shop_keys import ShopKeys
from tests.fakes.world import FakeClock

CODE = "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF"
CHANNEL = ChannelOffer("channel-1", "카카오페이", is_test=True)
MANAGER = {"manager_name": "김하나", "manager_pin": "284613", "manager_pin_again": "284613"}


class Folder:
    """Port ``SetupFolder`` in memory."""

    def __init__(self) -> None:
        self.state: SetupState | None = None
        self.written: dict[Mode, dict[str, Any]] = {}
        self.finished: list[Mode] = []

    def load(self) -> SetupState | None:
        return self.state

    def save(self, state: SetupState) -> None:
        self.state = state

    def write_settings(self, mode: Mode, values: Mapping[str, Any]) -> None:
        self.written.setdefault(mode, {}).update(values)

    def finish(self, mode: Mode) -> None:
        self.finished.append(mode)
        self.state = None


class Account:
    """Port ``AccountProbe``: one account."""

    def __init__(self) -> None:
        self.off = timedelta()
        self.offers: tuple[ChannelOffer, ...] = (CHANNEL,)
        self.receipt_offers: tuple[ChannelOffer, ...] = ()
        self.error: GatewayError | None = None
        self.asked: list[str] = []

    def ask(self, secrets: Secrets, mode: Mode) -> AccountFacts:
        self.asked.append(secrets.get("imp_key"))
        if self.error is not None:
            raise self.error
        return AccountFacts(FakeClock().now() + self.off, self.offers, self.receipt_offers)


class Keyring:
    """Port ``Secrets`` that can refuse its n-th write."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.refuses_at = 0

    def get(self, name: str) -> str:
        if name not in self.kept:
            raise EnvironmentProblem(EnvironmentCode.SECRET_MISSING, name)
        return self.kept[name]

    def put(self, name: str, value: str) -> None:
        self.refuses_at -= 1
        if self.refuses_at == 0:
            raise EnvironmentProblem(EnvironmentCode.KEYRING_SILENT)
        self.kept[name] = value

    def put_all(self, values: Mapping[str, str]) -> None:
        before = dict(self.kept)
        try:
            for name, value in values.items():
                self.put(name, value)
        except EnvironmentProblem:
            self.kept = before
            raise


class Managers:
    """Port ``FirstManager``."""

    def __init__(self) -> None:
        self.made: list[tuple[Mode, str, str]] = []

    def create(self, mode: Mode, name: str, pin: str) -> str:
        if pin == "111111":
            raise UserError(ErrorCode.SETUP_ANSWER, name="PIN")
        self.made.append((mode, name, pin))
        return CODE


class World:
    """All that a set-up needs; ``again`` is a restart of the program."""

    def __init__(self) -> None:
        self.folder, self.account, self.keyring = Folder(), Account(), Keyring()
        self.managers = Managers()

    def keys(self, mode: Mode) -> ShopKeys:
        return ShopKeys(self.keyring, self.account, FakeClock(), mode)

    def again(self) -> Setup:
        return Setup(self.folder, self.keys, self.managers, Settings())

    def at(self, step: Step) -> Setup:
        setup = self.again()
        answers = {
            Step.APPEARANCE: {"language": "ko", "theme": "light"},
            Step.START: {"start": "test"},
            Step.SHOP: {"shop_name": "하나", "tax_type": "general"},
            Step.KEYS: {"imp_key": "k", "imp_secret": "s", "user_code": "imp1"},
            Step.CHANNEL: {"channel_key": CHANNEL.key},
            Step.MANAGER: MANAGER,
            Step.RECOVERY: {"recovery_group_2": "BBBB", "recovery_group_5": "EEEE"},
        }
        while setup.step is not step:
            setup.submit(answers[setup.step])
        return setup
