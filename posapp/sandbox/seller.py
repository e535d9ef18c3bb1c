"""What the seller's side writes into the books: registered amounts, links, cancels."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from .answers import Refusal
from .cancelling import (
    CancelOrder,
    RefusedByKakaoPay,
    cancelled,
    carried_out,
    no_payment_to_cancel,
)
from .conduct import Conduct
from .late import LateEffects
from .readings import Readings
from .records import Link, Payment, Prepared
from .shelves import Shelves


class SellerBooks(Readings):
    """The seller's half of :class:`~.books.Books`. Thread-safe."""

    def __init__(
        self,
        shelves: Shelves,
        clock: Callable[[], float],
        conduct: Conduct,
        late: LateEffects,
    ) -> None:
        super().__init__(shelves, clock, conduct)
        self._late = late

    def prepare(self, prepared: Prepared) -> Prepared:
        """Register an amount; :class:`Refusal` when the merchant_uid has one already."""
        with self._shelves.changing():
            if prepared.merchant_uid in self._shelves.prepared:
                raise Refusal(
                    200, 1, "결제정보 사전등록에 실패하였습니다(이미 등록된 merchant_uid입니다)."
                )
            self._shelves.prepared[prepared.merchant_uid] = prepared
        return prepared

    def change_prepared(self, prepared: Prepared) -> Prepared | None:
        """Replace a registered amount; None when there is none."""
        with self._shelves.changing():
            if prepared.merchant_uid not in self._shelves.prepared:
                return None
            self._shelves.prepared[prepared.merchant_uid] = prepared
        return prepared

    def add_link(self, make: Callable[[str], Link]) -> Link:
        """Keep the link that ``make`` builds for a fresh id of eight hexadecimal digits."""
        with self._shelves.changing():
            link_id = secrets.token_hex(4)
            while link_id in self._shelves.links:
                link_id = secrets.token_hex(4)
            link = self._shelves.links[link_id] = make(link_id)
        return link

    def close_link(self, link_id: str) -> Link | None:
        """Let nobody new into the link; None when it is unknown. Closing twice changes nothing."""
        with self._shelves.changing():
            link = self._shelves.links.get(link_id)
            if link is not None and not link.closed_at:
                link = self._shelves.links[link_id] = replace(link, closed_at=self.now())
        return link

    def cancel(self, order: CancelOrder, *, console: bool = False) -> Payment:
        """Cancel by imp_uid (it comes first) or merchant_uid; :class:`Refusal` as the rules say.

        Of several tries with one merchant_uid the latest paid one is meant. One that KakaoPay
        refused may land later, if the dial says so. ``console``: a person in PortOne's console.
        """
        with self._shelves.changing():
            payment = self._to_cancel(order)
            try:
                after = cancelled(payment, order, self._conduct, self.now(), console=console)
            except RefusedByKakaoPay:
                if self._conduct.refused_lands is not None:
                    self.cancel_later(order, self._conduct.refused_lands)
                raise
            return self._put(after)

    def cancel_later(self, order: CancelOrder, after: float | None) -> None:
        """Let a cancel land ``after`` so many seconds, or when the dial releases it (None). Its
        checksum was compared when it came and is not compared again; it comes to nothing if the
        balance is too small by then."""
        self._late.defer(lambda: self._land(order), after)

    # Inside.

    def _land(self, order: CancelOrder) -> None:
        with self._shelves.changing(), suppress(Refusal):
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
        self._shelves.put(payment)
        return payment
