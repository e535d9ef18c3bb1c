"""What people do about cash receipts and drawers, in both simulations."""

from __future__ import annotations

from contextlib import suppress

from posapp.domain.cash_receipts import ReceiptTaskKind
from posapp.domain.receipt_identity import ReceiptPurpose
from posapp.domain.z_reports import DENOMINATIONS
from posapp.sandbox.envelopes import ApiRefusal
from posapp.sandbox.server import Sandbox
from tests.fakes.actors import STAFF
from tests.fakes.till import Till

NUMBERS = {
    ReceiptPurpose.PERSONAL: "010-1234-5678",
    ReceiptPurpose.BUSINESS: "220-81-62517",
    ReceiptPurpose.UNNAMED: "",
}
"""What buyers give, by purpose."""


def do_receipt_tasks(till: Till, sandbox: Sandbox) -> bool:
    """Issue and cancel elsewhere what waits for a person; return whether anything did.

    Raises:
        UserError: somebody else was first.
    """
    service, done = till.cash_receipt_service, False
    for task in service.tasks():
        receipt = task.receipt
        if task.kind is ReceiptTaskKind.ISSUE:
            service.enter_approval(STAFF, receipt.id, "123456789")
        elif task.kind is ReceiptTaskKind.CANCEL:
            if not receipt.by_hand:
                with suppress(ApiRefusal):
                    sandbox.receipts.cancel(receipt.own_no, console=True)
            service.enter_cancel(STAFF, receipt.id)
        done = done or task.kind is not ReceiptTaskKind.CHECK
    return done


def close_drawer(till: Till, over: int, *, names: bool) -> None:
    """Count the drawer of the open shift, with too much or too little in it, and close the shift.

    Raises:
        UserError: something is open and not named.
    """
    shift, closing = till.shift_service.read(), till.closing_service
    assert shift is not None
    named = {one.key: "내일 처리" for one in closing.open_matters()} if names else {}
    counts = counts_of(max(0, int(shift.expected) + over))
    closing.close_shift(STAFF, counts, "세어 본 금액", named)


def counts_of(won: int) -> dict[int, int]:
    """Return notes and coins that come to an amount, or to what of it coins of 10 won can."""
    counts = {}
    for value in DENOMINATIONS:
        counts[value], won = divmod(won, value)
    return counts
