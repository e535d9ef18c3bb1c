"""What anybody may read in the books, each answer taken under their one lock."""

from __future__ import annotations

from collections.abc import Callable

from .conduct import Conduct
from .records import Link, Payment, Prepared
from .shelves import Shelves


class Readings:
    """The reading half of :class:`~.books.Books`. Thread-safe."""

    def __init__(self, shelves: Shelves, clock: Callable[[], float], conduct: Conduct) -> None:
        self._shelves = shelves
        self._clock = clock
        self._conduct = conduct
        self._unseen: dict[str, int] = {}
        self.link_address: Callable[[str], str] = "/{}".format
        """Makes a link's public address of its id; the server sets it once it listens."""

    def now(self) -> int:
        """The service's time, in unix seconds."""
        return int(self._clock())

    def payment(self, imp_uid: str) -> Payment | None:
        """The payment with this number."""
        with self._shelves.lock:
            return self._shelves.payments.get(imp_uid)

    def payments(self) -> list[Payment]:
        """All tries, oldest first."""
        with self._shelves.lock:
            return list(self._shelves.payments.values())

    def tries(self, merchant_uid: str) -> list[Payment]:
        """All tries with this merchant_uid, oldest first."""
        with self._shelves.lock:
            return self._shelves.tries(merchant_uid)

    def visible_tries(self, merchant_uid: str) -> list[Payment]:
        """As :meth:`tries`, without those that the dial still hides; each call counts as a look."""
        with self._shelves.lock:
            seen: list[Payment] = []
            for each in self.tries(merchant_uid):
                left = self._unseen.get(each.imp_uid, 0)
                if left > 0:
                    self._unseen[each.imp_uid] = left - 1
                else:
                    seen.append(each)
            return seen

    def link(self, link_id: str) -> Link | None:
        """The link with this id."""
        with self._shelves.lock:
            return self._shelves.links.get(link_id)

    def links(self) -> list[Link]:
        """All links, oldest first."""
        with self._shelves.lock:
            return list(self._shelves.links.values())

    def registered(self) -> list[Prepared]:
        """All registered amounts, oldest first."""
        with self._shelves.lock:
            return list(self._shelves.prepared.values())

    def balance(self, imp_uid: str) -> int:
        """Won of this payment that can still be cancelled; KeyError when it is unknown."""
        with self._shelves.lock:
            return self._shelves.payments[imp_uid].balance

    def captured_total(self) -> int:
        """Won ever taken, before cancels."""
        return sum(each.captured for each in self.payments())

    def cancelled_total(self) -> int:
        """Won that went back."""
        return sum(each.cancel_amount for each in self.payments())

    @property
    def link_urls(self) -> dict[str, str]:
        """The newest link's address of every merchant_uid."""
        return {each.merchant_uid: self.link_address(each.link_id) for each in self.links()}

    def prepared(self, merchant_uid: str) -> Prepared | None:
        """The registered amount, if there is one."""
        with self._shelves.lock:
            return self._shelves.prepared.get(merchant_uid)
