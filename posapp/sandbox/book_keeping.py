"""The service's books: what buyers and PortOne's console do to payments.

Every change holds the books' one lock. ``queries.py`` reads them, ``seller.py`` holds what the
seller writes. Tests call these methods in process, as the pages do. Amounts are whole won, times
unix seconds.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import replace

from .cancelling import CancelOrder, taxed_as
from .link_access import GRACE, EntryRefusal, PaymentNotAllowed, check_entry, check_finish, link_end
from .records import Link, Payment, Status
from .seller import SellerBooks

NO_BALANCE = "잔액이 부족합니다."
"""A fail_reason of KakaoPay."""
GAVE_UP = "[결제포기] 사용자가 결제를 취소하셨습니다"
"""PortOne's fail_reason when the buyer closes KakaoPay."""


class PaymentBook(SellerBooks):
    """Payments, links and registered amounts of one shop. Thread-safe."""

    def open_link(self, link_id: str, *, user_agent: str = "", again: bool = False) -> Payment:
        """Begin a ``ready`` payment: a buyer opens the link. :class:`PaymentNotAllowed` if the
        buyer may not enter."""
        with self._storage.changing():
            link, now = self._link_or_turn_away(link_id), self.now()
            prepared = self.prepared(link.merchant_uid)
            check_entry(link, prepared, self.tries(link.merchant_uid), now, again)
            return self._begin(link, now, user_agent)

    def enter_late(self, link_id: str, *, user_agent: str = "") -> Payment:
        """Begin a ``ready`` payment in the link's last second, for a buyer who entered before the
        link ended. :class:`PaymentNotAllowed` once the 15 minutes are over."""
        with self._storage.changing():
            link, now = self._link_or_turn_away(link_id), self.now()
            if link_end(link, now) is None:
                return self._begin(link, now, user_agent)
            if now >= link.ends_at + GRACE:
                raise PaymentNotAllowed(EntryRefusal.SESSION_OVER)
            return self._begin(link, link.ends_at - 1, user_agent)

    def pay_try(self, imp_uid: str, amount: int | None = None, *, late: bool = False) -> Payment:
        """Pay the try; an ``amount`` (won) other than the link's makes a manipulated payment.

        :class:`PaymentNotAllowed` if the try has ended, or its 15 minutes are over and not
        ``late``.
        """
        with self._storage.changing():
            payment = self._try_or_turn_away(imp_uid)
            now = self.now()
            check_finish(payment, self.link(payment.link_id or ""), now, late)
            self._unseen[imp_uid] = self._conduct.unseen_finds
            paid = payment.amount if amount is None else amount
            return self._put(
                replace(
                    payment,
                    status=Status.PAID,
                    amount=paid,
                    tax_free=min(payment.tax_free, paid),
                    pg_tid=_new_tid(),
                    paid_at=now,
                    updated_at=now,
                )
            )

    def fail_try(self, imp_uid: str, reason: str) -> Payment:
        """End the try without money; :class:`PaymentNotAllowed` if it has ended already."""
        with self._storage.changing():
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
        """Enter the newest link of this merchant_uid; raises :class:`PaymentNotAllowed`."""
        return self.open_link(self._newest_link(merchant_uid).link_id, again=again)

    def pay(
        self,
        merchant_uid: str,
        amount: int | None = None,
        *,
        late: bool = False,
        again: bool = False,
    ) -> Payment:
        """Pay the open try, else a new one.

        ``late``: regardless of the link's end and the 15 minutes. ``again``: although the
        merchant_uid is paid.
        """
        with self._storage.changing():
            waiting = self._waiting(merchant_uid)
            if waiting is None:
                link = self._newest_link(merchant_uid)
                ended = link_end(link, self.now()) is not None
                if late and ended:
                    waiting = self._begin(link, link.ends_at - 1, "")
                else:
                    waiting = self.open_link(link.link_id, again=again)
            return self.pay_try(waiting.imp_uid, amount, late=late)

    def fail(self, merchant_uid: str, reason: str = NO_BALANCE) -> Payment:
        """Fail the open try, else a new one: KakaoPay declines the payment."""
        with self._storage.changing():
            waiting = self._waiting(merchant_uid) or self.open(merchant_uid)
            return self.fail_try(waiting.imp_uid, reason)

    def close_page(self, merchant_uid: str) -> Payment:
        """Fail the open try, else a new one: the buyer closes KakaoPay."""
        return self.fail(merchant_uid, GAVE_UP)

    def console_cancel(
        self, imp_uid: str, amount: int | None = None, reason: str = "관리자 콘솔 취소"
    ) -> Payment:
        """Cancel in PortOne's console, all (None) or part; :class:`ApiRefusal` as in ``cancel``.
        ``reason`` holds the till's tag only if the caller writes it there."""
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
        """Enter a payment (won) of another system on the same account, paid now. With an empty
        ``merchant_uid`` lists show it without one."""
        with self._storage.changing():
            now = self.now()
            return self._put(
                Payment(
                    imp_uid=self._new_imp_uid(),
                    merchant_uid=merchant_uid,
                    name="웹 주문",
                    amount=amount,
                    started_at=now,
                    sequence=self._storage.next_sequence(),
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
        """Enter payments from before this sandbox (a demo shop's past); return the number of new
        ones.

        A known imp_uid keeps its payment in the books. ``sequence`` is assigned anew.
        """
        with self._storage.changing():
            fresh = [one for one in payments if one.imp_uid not in self._storage.payments]
            for payment in fresh:
                self._put(replace(payment, sequence=self._storage.next_sequence()))
        return len(fresh)

    # Internals.

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
                tax_free=taxed_as(self._conduct, link.amount, link.tax_free),
                started_at=started_at,
                sequence=self._storage.next_sequence(),
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
        while imp_uid in self._storage.payments:
            imp_uid = f"imp_{secrets.randbelow(10**12):012d}"
        return imp_uid

    def _waiting(self, merchant_uid: str) -> Payment | None:
        ready = [each for each in self.tries(merchant_uid) if each.status is Status.READY]
        return ready[-1] if ready else None

    def _newest_link(self, merchant_uid: str) -> Link:
        for each in reversed(self.links()):
            if each.merchant_uid == merchant_uid:
                return each
        raise PaymentNotAllowed(EntryRefusal.UNKNOWN)

    def _link_or_turn_away(self, link_id: str) -> Link:
        link = self.link(link_id)
        if link is None:
            raise PaymentNotAllowed(EntryRefusal.UNKNOWN)
        return link

    def _try_or_turn_away(self, imp_uid: str) -> Payment:
        payment = self.payment(imp_uid)
        if payment is None:
            raise PaymentNotAllowed(EntryRefusal.UNKNOWN)
        return payment


def _new_tid() -> str:
    return "T" + secrets.token_hex(10)[:19]


def channel_id(sandbox: bool) -> str:
    """Return KakaoPay's merchant id: that of its test channel, or one in the form of a live one."""
    return "TC0ONETIME" if sandbox else "CA00000001"
