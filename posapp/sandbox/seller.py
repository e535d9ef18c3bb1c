"""Writes of the seller into the books: registered amounts, links, cancels."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from .behaviour import Behaviour
from .cancelling import (
    CancelOrder,
    RefusedByKakaoPay,
    cancelled,
    carried_out,
    no_payment_to_cancel,
)
from .delayed_effects import DelayedRequests
from .envelopes import ApiRefusal
from .queries import PaymentQueries
from .records import Link, Payment, Prepared
from .storage import SandboxStorage


class SellerBooks(PaymentQueries):
    """The seller's part of :class:`~.book_keeping.PaymentBook`. Thread-safe."""

    def __init__(
        self,
        storage: SandboxStorage,
        clock: Callable[[], float],
        conduct: Behaviour,
        late: DelayedRequests,
    ) -> None:
        super().__init__(storage, clock, conduct)
        self._late = late

    def prepare(self, prepared: Prepared) -> Prepared:
        """Register an amount; :class:`ApiRefusal` when the merchant_uid has one already."""
        with self._storage.changing():
            if prepared.merchant_uid in self._storage.prepared:
                raise ApiRefusal(
                    200, 1, "결제정보 사전등록에 실패하였습니다(이미 등록된 merchant_uid입니다)."
                )
            self._storage.prepared[prepared.merchant_uid] = prepared
        return prepared

    def change_prepared(self, prepared: Prepared) -> Prepared | None:
        """Replace a registered amount; None when there is none."""
        with self._storage.changing():
            if prepared.merchant_uid not in self._storage.prepared:
                return None
            self._storage.prepared[prepared.merchant_uid] = prepared
        return prepared

    def add_link(self, make: Callable[[str], Link]) -> Link:
        """Store the link that ``make`` builds for a fresh id of eight hexadecimal digits."""
        with self._storage.changing():
            link_id = secrets.token_hex(4)
            while link_id in self._storage.links:
                link_id = secrets.token_hex(4)
            link = self._storage.links[link_id] = make(link_id)
        return link

    def close_link(self, link_id: str) -> Link | None:
        """Close the link to new buyers; None when it is unknown. Closing twice changes nothing."""
        with self._storage.changing():
            link = self._storage.links.get(link_id)
            if link is not None and not link.closed_at:
                link = self._storage.links[link_id] = replace(link, closed_at=self.now())
        return link

    def cancel(self, order: CancelOrder, *, console: bool = False) -> Payment:
        """Cancel by imp_uid (it takes precedence) or merchant_uid; :class:`ApiRefusal` by the rules
        of ``cancelling.py``.

        Of several tries with one merchant_uid the latest paid one is cancelled. The dial can set
        that a cancel which KakaoPay refused is carried out later. ``console``: the cancel comes
        from PortOne's console.
        """
        with self._storage.changing():
            payment = self._to_cancel(order)
            try:
                after = cancelled(payment, order, self._conduct, self.now(), console=console)
            except RefusedByKakaoPay:
                if self._conduct.refused_lands is not None:
                    self.cancel_later(order, self._conduct.refused_lands)
                raise
            return self._put(after)

    def cancel_later(self, order: CancelOrder, after: float | None) -> None:
        """Carry out a cancel ``after`` these seconds, or when the dial releases it (None). Its
        checksum was compared on arrival and is not compared again; a cancel above the balance of
        that time is dropped."""
        self._late.defer(lambda: self._land(order), after)

    # Internals.

    def _land(self, order: CancelOrder) -> None:
        with self._storage.changing(), suppress(ApiRefusal):
            payment = self._to_cancel(order)
            self._put(carried_out(payment, order, self._conduct, self.now()))

    def _to_cancel(self, order: CancelOrder) -> Payment:
        payment = self.payment(order.imp_uid) if order.imp_uid else None
        if not order.imp_uid and order.merchant_uid:
            paid = [each for each in self.tries(order.merchant_uid) if each.paid_at]
            payment = paid[-1] if paid else None
        if payment is None:
            raise no_payment_to_cancel()
        return payment

    def _put(self, payment: Payment) -> Payment:
        self._storage.put(payment)
        return payment
