"""The service's books: who asked for what, who paid, what went back.

Everything that changes them goes through here under one lock (reading: ``readings.py``; what the
seller's side writes: ``seller.py``). Here is what a buyer and PortOne's console do, callable in
process, for tests and for the pages alike. Amounts are whole won, times unix seconds.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import replace

from .cancelling import CancelOrder
from .entering import GRACE, CannotPay, Hindrance, check_entry, check_finish, end_of
from .records import Link, Payment, Status
from .seller import SellerBooks

NO_BALANCE = "잔액이 부족합니다."
"""A fail_reason as KakaoPay gives it."""
GAVE_UP = "[결제포기] 사용자가 결제를 취소하셨습니다"
"""PortOne's fail_reason when the buyer closes KakaoPay."""


class Books(SellerBooks):
    """Payments, links and registered amounts of one shop. Thread-safe."""

    def open_link(self, link_id: str, *, user_agent: str = "", again: bool = False) -> Payment:
        """A buyer opens the link: a ``ready`` payment begins. :class:`CannotPay` if turned away."""
        with self._shelves.changing():
            link, now = self._link_or_turn_away(link_id), self.now()
            prepared = self.prepared(link.merchant_uid)
            check_entry(link, prepared, self.tries(link.merchant_uid), now, again)
            return self._begin(link, now, user_agent)

    def enter_late(self, link_id: str, *, user_agent: str = "") -> Payment:
        """A buyer who had been inside before the link ended, seen only now: a ``ready`` payment
        begun in the link's last second. :class:`CannotPay` once the 15 minutes are over."""
        with self._shelves.changing():
            link, now = self._link_or_turn_away(link_id), self.now()
            if end_of(link, now) is None:
                return self._begin(link, now, user_agent)
            if now >= link.ends_at + GRACE:
                raise CannotPay(Hindrance.SESSION_OVER)
            return self._begin(link, link.ends_at - 1, user_agent)

    def pay_try(self, imp_uid: str, amount: int | None = None, *, late: bool = False) -> Payment:
        """The buyer inside pays; ``amount`` (won) other than asked is a manipulated payment.

        :class:`CannotPay` if the try is done, or its 15 minutes are over and not ``late``.
        """
        with self._shelves.changing():
            payment = self._try_or_turn_away(imp_uid)
            now = self.now()
            check_finish(payment, self.link(payment.link_id or ""), now, late)
            self._unseen[imp_uid] = self._conduct.unseen_finds
            return self._put(
                replace(
                    payment,
                    status=Status.PAID,
                    amount=payment.amount if amount is None else amount,
                    pg_tid=_new_tid(),
                    paid_at=now,
                    updated_at=now,
                )
            )

    def fail_try(self, imp_uid: str, reason: str) -> Payment:
        """The try ends without money; :class:`CannotPay` if it is done already."""
        with self._shelves.changing():
            payment = self._try_or_turn_away(imp_uid)
            now = self.now()
            check_finish(payment, None, now, late=True)
            return self._put(
                replace(
                    payment,
                    status=Status.FAILED,
                    failed_at=now,
                    updated_at=now,
                    fail_reason=reason,
                )
            )

    def open(self, merchant_uid: str, *, again: bool = False) -> Payment:
        """A buyer scans the newest QR of this order; :class:`CannotPay` as the page would."""
        return self.open_link(self._newest_link(merchant_uid).link_id, again=again)

    def pay(
        self,
        merchant_uid: str,
        amount: int | None = None,
        *,
        late: bool = False,
        again: bool = False,
    ) -> Payment:
        """The buyer pays: the try that is open, else a new one.

        ``late``: regardless of the link's end and the 15 minutes. ``again``: although it is paid.
        """
        with self._shelves.changing():
            waiting = self._waiting(merchant_uid)
            if waiting is None:
                link = self._newest_link(merchant_uid)
                ended = end_of(link, self.now()) is not None
                if late and ended:
                    waiting = self._begin(link, link.ends_at - 1, "")
                else:
                    waiting = self.open_link(link.link_id, again=again)
            return self.pay_try(waiting.imp_uid, amount, late=late)

    def fail(self, merchant_uid: str, reason: str = NO_BALANCE) -> Payment:
        """KakaoPay turns the buyer's payment down: the try that is open, else a new one."""
        with self._shelves.changing():
            waiting = self._waiting(merchant_uid) or self.open(merchant_uid)
            return self.fail_try(waiting.imp_uid, reason)

    def close_page(self, merchant_uid: str) -> Payment:
        """The buyer gives up and closes KakaoPay."""
        return self.fail(merchant_uid, GAVE_UP)

    def console_cancel(
        self, imp_uid: str, amount: int | None = None, reason: str = "관리자 콘솔 취소"
    ) -> Payment:
        """A person cancels in PortOne's console, all (None) or part; :class:`Refusal` as cancel.
        The till's tag is in ``reason`` only if that person wrote it there."""
        order = CancelOrder(imp_uid=imp_uid, amount=amount, reason=reason)
        return self.cancel(order, console=True)

    def add_foreign(
        self,
        merchant_uid: str = "",
        amount: int = 1_000,
        *,
        currency: str = "KRW",
        pg_provider: str = "html5_inicis",
    ) -> Payment:
        """Enter a payment (won) of another system on the same account, paid now; ``merchant_uid``
        may be empty: lists then show it without one."""
        with self._shelves.changing():
            now = self.now()
            return self._put(
                Payment(
                    imp_uid=self._new_imp_uid(),
                    merchant_uid=merchant_uid,
                    name="웹 주문",
                    amount=amount,
                    started_at=now,
                    sequence=self._shelves.next_sequence(),
                    status=Status.PAID,
                    currency=currency,
                    sandbox=self._conduct.sandbox,
                    pg_provider=pg_provider,
                    pg_id="INIpayTest",
                    pg_tid=_new_tid(),
                    paid_at=now,
                    updated_at=now,
                )
            )

    def take_over(self, payments: Iterable[Payment]) -> int:
        """Enter payments from before this sandbox (a demo shop's past); returns how many were new.

        One whose imp_uid is known stays as it is in the books. ``sequence`` is given anew.
        """
        with self._shelves.changing():
            fresh = [one for one in payments if one.imp_uid not in self._shelves.payments]
            for payment in fresh:
                self._put(replace(payment, sequence=self._shelves.next_sequence()))
        return len(fresh)

    # Inside.

    def _begin(self, link: Link, started_at: int, user_agent: str) -> Payment:
        imp_uid = self._new_imp_uid()
        self._unseen[imp_uid] = self._conduct.unseen_finds
        sandbox = self._conduct.sandbox
        return self._put(
            Payment(
                imp_uid=imp_uid,
                merchant_uid=link.merchant_uid,
                name=link.name,
                amount=link.amount,
                started_at=started_at,
                sequence=self._shelves.next_sequence(),
                title=link.title,
                link_id=link.link_id,
                currency=self._conduct.currency or link.currency,
                sandbox=sandbox,
                pg_provider=self._conduct.pg_provider,
                pg_id=channel_id(sandbox),
                user_agent=user_agent[:200],
                custom_data=link.custom_data,
                buyer=link.buyer,
                updated_at=started_at,
            )
        )

    def _new_imp_uid(self) -> str:
        imp_uid = f"imp_{secrets.randbelow(10**12):012d}"
        while imp_uid in self._shelves.payments:
            imp_uid = f"imp_{secrets.randbelow(10**12):012d}"
        return imp_uid

    def _waiting(self, merchant_uid: str) -> Payment | None:
        ready = [each for each in self.tries(merchant_uid) if each.status is Status.READY]
        return ready[-1] if ready else None

    def _newest_link(self, merchant_uid: str) -> Link:
        for each in reversed(self.links()):
            if each.merchant_uid == merchant_uid:
                return each
        raise CannotPay(Hindrance.UNKNOWN)

    def _link_or_turn_away(self, link_id: str) -> Link:
        link = self.link(link_id)
        if link is None:
            raise CannotPay(Hindrance.UNKNOWN)
        return link

    def _try_or_turn_away(self, imp_uid: str) -> Payment:
        payment = self.payment(imp_uid)
        if payment is None:
            raise CannotPay(Hindrance.UNKNOWN)
        return payment


def _new_tid() -> str:
    return "T" + secrets.token_hex(10)[:19]


def channel_id(sandbox: bool) -> str:
    """KakaoPay's merchant id: the one of its test channel, or one that looks like a live one."""
    return "TC0ONETIME" if sandbox else "CA00000001"
