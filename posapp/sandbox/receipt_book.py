"""Cash receipts of the service: issuing, reading and cancelling them for money that the shop took
outside of PortOne.

Every change holds the books' one lock. Refusals by PortOne come before those by the payment
company. The statuses are documented, the texts are guesses.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from .behaviour import Behaviour
from .envelopes import ApiRefusal, DialledRefusal, bad_request
from .records import CashReceipt
from .storage import SandboxStorage

CHANNEL = "channel-key-00000000-0000-4000-8000-000000000000"
"""Key of the shop's second channel, which issues cash receipts; KakaoPay's issues none."""
TYPES = ("person", "company")
KINDS = ("person", "business", "phone", "taxcard")


@dataclass(frozen=True, slots=True)
class ReceiptOrder:
    """Parameters of an issue, in won; ``None`` and empty texts are missing ones."""

    merchant_uid: str
    channel_key: str = ""
    name: str = ""
    amount: int | None = None
    tax_free: int | None = None
    type: str = ""
    identifier: str = ""
    identifier_type: str = ""


class ReceiptBook:
    """Cash receipts of one shop. Thread-safe."""

    def __init__(
        self,
        storage: SandboxStorage,
        clock: Callable[[], float],
        conduct: Behaviour,
        kakaopay: str,
    ) -> None:
        """``kakaopay``: key of the channel that has no cash receipts."""
        self._storage = storage
        self._clock = clock
        self._conduct = conduct
        self._kakaopay = kakaopay
        self._unseen: dict[str, int] = {}

    def all(self) -> list[CashReceipt]:
        """Return all cash receipts, oldest first."""
        with self._storage.lock:
            return list(self._storage.receipts.values())

    def get(self, merchant_uid: str) -> CashReceipt | None:
        """Return the cash receipt of a number; None when none was ever issued."""
        with self._storage.lock:
            return self._storage.receipts.get(merchant_uid)

    def read(self, merchant_uid: str) -> CashReceipt:
        """Return what a reading call shows; :class:`ApiRefusal` (404) for none, and for one that
        the dial hides."""
        with self._storage.lock:
            found = self._storage.receipts.get(merchant_uid)
            hidden = self._unseen.get(merchant_uid, 0)
            if hidden > 0:
                self._unseen[merchant_uid] = hidden - 1
            is_gone = (
                found is not None
                and found.cancelled_at > 0
                and self._conduct.cancelled_receipts == "gone"
            )
            if found is None or hidden > 0 or is_gone:
                raise no_such_receipt()
            return found

    def issue(self, order: ReceiptOrder) -> CashReceipt:
        """Issue a cash receipt; :class:`ApiRefusal` changes nothing. A number has one for ever: a
        cancelled one is not issued again."""
        with self._storage.changing():
            self._check(order)
            amount, tax_free = order.amount or 0, order.tax_free or 0
            made = CashReceipt(
                merchant_uid=order.merchant_uid,
                channel_key=order.channel_key,
                name=order.name[:40],
                amount=amount,
                tax_free=tax_free,
                vat=(2 * (amount - tax_free) + 11) // 22,
                type=order.type or TYPES[0],
                identifier=f"…{order.identifier[-4:]}",
                apply_num=f"{secrets.randbelow(10**9):09d}",
                receipt_tid=secrets.token_hex(12),
                applied_at=int(self._clock()),
            )
            self._storage.receipts[made.merchant_uid] = made
            self._unseen[made.merchant_uid] = self._conduct.unseen_receipts
        return made

    def cancel(self, merchant_uid: str, *, console: bool = False) -> CashReceipt:
        """Cancel the whole cash receipt; :class:`ApiRefusal` changes nothing. ``console``: by a
        person at the payment company, whom the dial's refusals do not concern."""
        with self._storage.changing():
            found = self._storage.receipts.get(merchant_uid)
            if found is None:
                raise no_such_receipt()
            if found.cancelled_at:
                raise bad_request("이미 취소된 현금영수증입니다.")
            if self._conduct.refuse_receipt_cancel is not None and not console:
                raise self._refused("취소", self._conduct.refuse_receipt_cancel)
            after = replace(found, cancelled_at=int(self._clock()))
            self._storage.receipts[merchant_uid] = after
        return after

    # Internals.

    def _check(self, order: ReceiptOrder) -> None:
        for name in ("channel_key", "name", "identifier"):
            if not getattr(order, name):
                raise bad_request(f"{name}: 필수 파라메터입니다.")
        amount, tax_free = order.amount, order.tax_free or 0
        if amount is None or amount <= 0 or not 0 <= tax_free <= amount:
            raise bad_request("amount: 올바르지 않은 금액입니다.")
        if not 1 <= len(order.merchant_uid) <= 40:
            raise bad_request("merchant_uid: 올바르지 않은 값입니다.")
        if order.type not in ("", *TYPES) or order.identifier_type not in ("", *KINDS):
            raise bad_request("type: 올바르지 않은 값입니다.")
        if order.channel_key == self._kakaopay:
            raise ApiRefusal(501, -1, "현금영수증을 지원하지 않는 PG사입니다.")
        if order.channel_key != CHANNEL:
            raise bad_request("channel_key: 존재하지 않는 채널입니다.")
        if order.merchant_uid in self._storage.receipts:
            raise bad_request("이미 현금영수증이 발행된 merchant_uid입니다.")
        if not self._conduct.receipt_contract:
            raise self._refused("발행", "현금영수증 서비스 미계약")
        if not (order.identifier.isascii() and order.identifier.isdigit()):
            raise self._refused("발행", "식별번호 오류")
        if self._conduct.refuse_receipt is not None:
            raise self._refused("발행", self._conduct.refuse_receipt)

    def _refused(self, what: str, text: str) -> ApiRefusal:
        return DialledRefusal(
            self._conduct.receipt_http, -1, f"현금영수증 {what}에 실패하였습니다. {text}"
        )


def no_such_receipt() -> ApiRefusal:
    """Refuse a call about a number without a cash receipt."""
    return ApiRefusal(404, -1, "현금영수증 발행내역이 존재하지 않습니다.")
