"""Ports of the set-up of a shop: its folder, the account at the payment provider, and the first
manager."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from posapp.domain.modes import Mode
from posapp.services.ports.system import Secrets


@dataclass(frozen=True, slots=True)
class ChannelOffer:
    """A channel of the account: one that takes KakaoPay, or one that issues cash receipts.

    Attributes:
        is_test: payments through it are not real.
    """

    key: str
    name: str
    is_test: bool


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What the provider says about the account that a pair of keys opens.

    Attributes:
        now: the provider's clock (UTC).
        offers: channels that take KakaoPay.
        receipt_offers: channels whose payment company issues cash receipts.
    """

    now: datetime
    offers: tuple[ChannelOffer, ...]
    receipt_offers: tuple[ChannelOffer, ...] = ()


class AccountProbe(Protocol):
    """Asks the payment provider about an account."""

    def ask(self, secrets: Secrets, mode: Mode) -> AccountFacts:
        """Return what it says.

        Raises:
            GatewayError: it refuses the keys, or cannot be asked.
            EnvironmentProblem: the keys are not available, or may not be sent there.
        """
        ...


@dataclass(frozen=True, slots=True)
class SetupState:
    """How far a set-up has come, without any secret.

    Attributes:
        step: name of the current step.
        answers: by the names of their fields.
    """

    step: str
    answers: Mapping[str, str] = field(default_factory=dict)


class SetupFolder(Protocol):
    """Folder in which shops are made. Every method raises EnvironmentProblem for the disk."""

    def load(self) -> SetupState | None:
        """Return how far an unfinished set-up has come; ``None`` if there is none."""
        ...

    def save(self, state: SetupState) -> None:
        """Remember how far the set-up has come."""
        ...

    def write_settings(self, mode: Mode, values: Mapping[str, Any]) -> None:
        """Write settings of the shop of a mode; it is not opened before ``finish``."""
        ...

    def finish(self, mode: Mode) -> None:
        """Make the shop of a mode the one that is opened, and forget the set-up."""
        ...


class FirstManager(Protocol):
    """Adds the first manager to the shop of a mode."""

    def create(self, mode: Mode, name: str, pin: str) -> str:
        """Add the manager, or give the one whom an interrupted set-up added this name and PIN.

        Returns:
            A new recovery code, in groups with dashes; an earlier one is worth nothing any more.

        Raises:
            UserError: the name or the PIN is not good enough.
            EnvironmentProblem: no usable keyring, or a disk error.
        """
        ...
