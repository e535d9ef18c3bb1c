"""The receipt that a kiosk prints for the buyer who has just paid."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from posapp.domain.cash import CashRefund, CashTender
from posapp.domain.cash_receipts import CashReceipt
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.orders import Order
from posapp.domain.payments import Payment
from posapp.domain.refunds import Refund
from posapp.domain.shop_details import ShopDetails
from posapp.services.bookkeeping.print_log import (
    PrintRecord,
    read_printed,
    receipt_key,
    record_print,
)
from posapp.services.payments.receipts import Receipt, receipt_of
from posapp.services.ports.unit_of_work import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Records:
    """See ``OrderRecords``. The buyer's name is not among them: a paper may be left lying there."""

    order: Order
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]
    shop: ShopDetails
    buyer: None = None
    tenders: tuple[CashTender, ...] = ()
    cash_refunds: tuple[CashRefund, ...] = ()
    cash_receipts: tuple[CashReceipt, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintableReceipt:
    """A receipt with its earlier prints, at the counter too; ``None``: it is an original."""

    receipt: Receipt
    printed: PrintRecord | None


class KioskReceipts:
    """Reads receipts, and records their prints. Neither concerns any money.

    Args:
        shop: the shop's name.
    """

    def __init__(self, store: Store, shop: str, details: ShopDetails) -> None:
        self._store, self._shop, self._details = store, shop, details

    def read(self, order_id: int) -> PrintableReceipt:
        """Return the receipt of an order.

        Raises:
            UserError: ``ORDER_UNKNOWN``: there is no such order, or no payment of it was accepted.
        """
        with self._store.snapshot() as uow:
            order = uow.orders.get(order_id)
            if order is None:
                raise UserError(ErrorCode.ORDER_UNKNOWN)
            payments = uow.payments.for_order(order_id)
            refunds = uow.refunds.for_order(order_id)
            printed = read_printed(uow.checkpoints, receipt_key(order_id))
        receipt = receipt_of(self._shop, _Records(order, payments, refunds, self._details))
        if receipt is None:
            raise UserError(ErrorCode.ORDER_UNKNOWN)
        return PrintableReceipt(receipt, printed)

    def note_printed(self, order_id: int, at: datetime) -> None:
        """Record a print (UTC): the next one is a copy.

        Raises:
            EnvironmentProblem: it could not be recorded; the paper was printed all the same.
        """
        with self._store.transaction() as uow:
            record_print(uow.checkpoints, receipt_key(order_id), at)
            uow.commit()
        log.info("the receipt of order %s was printed", order_id)
