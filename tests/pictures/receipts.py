"""Cash receipts of every kind that waits for a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from posapp.domain.cash_receipts import CashReceipt, ReceiptProblem, ReceiptState
from posapp.domain.money import Won
from posapp.domain.receipt_identity import IdentityKind, ReceiptPurpose
from posapp.system.clock import SystemClock
from posapp.ui.navigation.counter_window import CounterWindow
from tests.fakes.actors import WHO
from tests.pictures.visits import orders

_SAID = "현금영수증 발급에 실패하였습니다. 식별번호 오류 (휴대폰 번호를 확인해 주세요)"


def waiting_receipts(order_ids: Sequence[int], now: datetime) -> tuple[CashReceipt, ...]:
    """Return receipts of some orders: two that are refused, one that is issued by hand, one whose
    answer is unclear, one that is late, and one that is to be cancelled elsewhere. None of them is
    sent within a year."""

    def receipt(
        at: int, state: ReceiptState, purpose: ReceiptPurpose, amount: int, **values: object
    ) -> CashReceipt:
        made = now - timedelta(days=at)
        given = {
            "masked": {
                ReceiptPurpose.PERSONAL: "010-****-1234",
                ReceiptPurpose.BUSINESS: "220-81-*****",
                ReceiptPurpose.UNNAMED: "",
            }[purpose],
            "kind": None if purpose is ReceiptPurpose.UNNAMED else IdentityKind.PHONE,
            **values,
        }
        return CashReceipt(
            *(0, order_ids[at % len(order_ids)], purpose, Won(amount), Won(0)),
            *(f"CR2026113000{at}", WHO, made, made + timedelta(days=5)),
            *(now + timedelta(days=365),),
            state=state,
            **given,  # type: ignore[arg-type]
        )

    states, purposes = ReceiptState, ReceiptPurpose
    refused = {
        "problem": ReceiptProblem.REFUSED,
        "gateway_code": -1,
        "gateway_message": _SAID,
        "send_count": 1,
    }
    return (
        receipt(1, states.REFUSED, purposes.PERSONAL, 58_600, **refused),
        receipt(2, states.REFUSED, purposes.UNNAMED, 1_234_500, **refused),
        receipt(3, states.REQUESTED, purposes.BUSINESS, 120_000, by_hand=True),
        receipt(4, states.UNKNOWN, purposes.PERSONAL, 7_600, send_count=1, last_unknown_at=now),
        receipt(6, states.REQUESTED, purposes.PERSONAL, 15_400),
        receipt(
            *(0, states.CANCEL_REFUSED, purposes.BUSINESS, 99_000),
            **{**refused, "approval_no": "123456789", "issued_at": now - timedelta(hours=3)},
        ),
    )


def leave_receipts(counter: CounterWindow) -> None:
    """Record receipts that wait for a person, once."""
    till = counter.demo.container  # type: ignore[attr-defined]
    if till.cash_receipt_service.tasks():
        return
    numbers = [one.id for one in orders(counter) if one.is_paid]
    with till.store.transaction() as uow:
        for receipt in waiting_receipts(numbers, SystemClock().now()):
            uow.cash_receipts.add(receipt)
        uow.commit()
