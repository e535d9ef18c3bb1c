"""Queries of the books; each holds their one lock."""

from __future__ import annotations

from collections.abc import Callable

from .behaviour import Behaviour
from .records import Link, Payment, Prepared
from .storage import SandboxStorage


class PaymentQueries:
    """The reading part of :class:`~.book_keeping.PaymentBook`. Thread-safe."""

    def __init__(
        self, storage: SandboxStorage, clock: Callable[[], float], conduct: Behaviour
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._conduct = conduct
        self._unseen: dict[str, int] = {}
        self.link_address: Callable[[str], str] = "/{}".format
        """Makes a link's public address from its id; the server sets it once it listens."""

    def now(self) -> int:
        """Return the service's time in unix seconds."""
        return int(self._clock())

    def payment(self, imp_uid: str) -> Payment | None:
        """Return the payment with this imp_uid; None when it is unknown."""
        with self._storage.lock:
            return self._storage.payments.get(imp_uid)

    def payments(self) -> list[Payment]:
        """Return all tries, oldest first."""
        with self._storage.lock:
            return list(self._storage.payments.values())

    def tries(self, merchant_uid: str) -> list[Payment]:
        """Return all tries with this merchant_uid, oldest first."""
        with self._storage.lock:
            return self._storage.tries(merchant_uid)

    def visible_tries(self, merchant_uid: str) -> list[Payment]:
        """As :meth:`tries`, without those that the dial still hides; each call counts."""
        with self._storage.lock:
            seen: list[Payment] = []
            for each in self.tries(merchant_uid):
                left = self._unseen.get(each.imp_uid, 0)
                if left > 0:
                    self._unseen[each.imp_uid] = left - 1
                else:
                    seen.append(each)
            return seen

    def link(self, link_id: str) -> Link | None:
        """Return the link with this id; None when it is unknown."""
        with self._storage.lock:
            return self._storage.links.get(link_id)

    def links(self) -> list[Link]:
        """Return all links, oldest first."""
        with self._storage.lock:
            return list(self._storage.links.values())

    def registered(self) -> list[Prepared]:
        """Return all registered amounts, oldest first."""
        with self._storage.lock:
            return list(self._storage.prepared.values())

    def balance(self, imp_uid: str) -> int:
        """Return the won that can still be cancelled; KeyError for an unknown payment."""
        with self._storage.lock:
            return self._storage.payments[imp_uid].balance

    def captured_total(self) -> int:
        """Return the won ever captured, before cancels."""
        return sum(each.captured for each in self.payments())

    def cancelled_total(self) -> int:
        """Return the won cancelled."""
        return sum(each.cancel_amount for each in self.payments())

    @property
    def link_urls(self) -> dict[str, str]:
        """Return the newest link's address by merchant_uid."""
        return {each.merchant_uid: self.link_address(each.link_id) for each in self.links()}

    def prepared(self, merchant_uid: str) -> Prepared | None:
        """Return the registered amount; None if there is none."""
        with self._storage.lock:
            return self._storage.prepared.get(merchant_uid)
