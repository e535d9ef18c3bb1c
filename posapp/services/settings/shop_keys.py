"""The keys of a shop's account: tested before they are stored, and read back to be tested again."""

from __future__ import annotations

from datetime import timedelta

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, ErrorCode, UserError
from posapp.domain.modes import Mode
from posapp.services.ports.setup import AccountFacts, AccountProbe, ChannelOffer
from posapp.services.ports.system import AccountSecrets, Clock, Secrets

KEY_NAMES = ("imp_key", "imp_secret")

CLOCK_TOLERANCE = timedelta(minutes=5)
"""Tolerance; with a larger error, certificates and reports go wrong (docs/faults.md, row 24)."""


class TypedKeys:
    """Port ``Secrets`` of keys that were typed and are stored nowhere yet."""

    def __init__(self, imp_key: str, imp_secret: str) -> None:
        self._keys = dict(zip(KEY_NAMES, (imp_key, imp_secret), strict=True))

    def get(self, name: str) -> str:
        """Return a key."""
        return self._keys[name]

    def put(self, name: str, value: str) -> None:
        """Replace a key."""
        self._keys[name] = value


class ShopKeys:
    """Tests and stores the keys of the shop of one mode.

    Args:
        secrets: the keyring, for this shop and the host that the keys are sent to.
    """

    def __init__(
        self, secrets: AccountSecrets, probe: AccountProbe, clock: Clock, mode: Mode
    ) -> None:
        self._secrets = secrets
        self._probe = probe
        self._clock = clock
        self._mode = mode

    def test(self, imp_key: str, imp_secret: str, channel: str = "") -> AccountFacts:
        """Return what the account says that these keys open; nothing is stored.

        Args:
            channel: key of a channel that has to be there; empty for none.

        Raises:
            EnvironmentProblem: there is no usable keyring to store them in.
            GatewayError: the keys are refused, or PortOne cannot be reached.
            UserError: ``SETUP_CLOCK``: the clock of this machine is wrong; see ``require_offer``.
        """
        self._require_keyring()
        facts = self._ask(TypedKeys(imp_key, imp_secret))
        if channel:
            self._fitting(facts, channel)
        return facts

    def store(self, imp_key: str, imp_secret: str) -> None:
        """Store a pair of keys that was tested: both, or the pair before stays.

        Raises:
            EnvironmentProblem: the keyring does not take them.
        """
        self._secrets.put_all(dict(zip(KEY_NAMES, (imp_key, imp_secret), strict=True)))

    def account(self) -> AccountFacts:
        """Return what the account of the stored keys says; raises like ``test``, and
        EnvironmentProblem ``SECRET_MISSING``."""
        return self._ask(self._secrets)

    def fitting_offers(self) -> tuple[ChannelOffer, ...]:
        """Return the channels that take this mode's payments; raises like ``account``."""
        is_live = self._mode is Mode.LIVE
        return tuple(one for one in self.account().offers if one.is_test is not is_live)

    def fitting_receipt_offers(self) -> tuple[ChannelOffer, ...]:
        """Return the channels that may issue this mode's cash receipts; raises like
        ``account``."""
        is_live = self._mode is Mode.LIVE
        return tuple(one for one in self.account().receipt_offers if one.is_test is not is_live)

    def require_offer(self, key: str) -> ChannelOffer:
        """Return a channel of the account that takes this mode's payments.

        Raises:
            UserError: ``SETUP_CHANNEL``: the account has no such KakaoPay channel;
                ``SETUP_CHANNEL_TEST``, ``SETUP_CHANNEL_LIVE``: it is of the other kind.
            GatewayError, EnvironmentProblem: like ``account``.
        """
        return self._fitting(self.account(), key)

    def require_chosen(self, key: str) -> int:
        """Return how many KakaoPay channels the account has; an empty key names none of them.
        Raises like ``require_offer``."""
        facts = self.account()
        if key:
            self._fitting(facts, key)
        return len(facts.offers)

    def _fitting(self, facts: AccountFacts, key: str) -> ChannelOffer:
        found = [one for one in facts.offers if one.key == key]
        if not found:
            raise UserError(ErrorCode.SETUP_CHANNEL)
        if found[0].is_test and self._mode is Mode.LIVE:
            raise UserError(ErrorCode.SETUP_CHANNEL_TEST)
        if not found[0].is_test and self._mode is not Mode.LIVE:
            raise UserError(ErrorCode.SETUP_CHANNEL_LIVE)
        return found[0]

    def _ask(self, secrets: Secrets) -> AccountFacts:
        facts = self._probe.ask(secrets, self._mode)
        error = self._clock.now() - facts.now
        if abs(error) > CLOCK_TOLERANCE:
            minutes = abs(error) // timedelta(minutes=1)
            raise UserError(ErrorCode.SETUP_CLOCK, minutes=minutes)
        return facts

    def _require_keyring(self) -> None:
        """Read an entry: a keyring that is missing, locked or silent says so."""
        self._stored(KEY_NAMES[0])

    def _stored(self, name: str) -> str:
        try:
            return self._secrets.get(name)
        except EnvironmentProblem as problem:
            if problem.code is not EnvironmentCode.SECRET_MISSING:
                raise
            return ""
