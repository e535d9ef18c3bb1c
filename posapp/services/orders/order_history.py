"""History of one order, oldest first: for its page, a slip or a support call."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from posapp.domain.actors import Actor
from posapp.domain.cash import CashRefund, CashTender, TenderState, split_refund
from posapp.domain.cash_receipts import CashReceipt
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import LedgerEntry
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import Order, OrderItem
from posapp.domain.payments import Attempt, Payment, PaymentDisposition
from posapp.domain.refunds import Refund, RefundState
from posapp.domain.requests import Request
from posapp.domain.shop_details import NO_DETAILS, ShopDetails
from posapp.domain.users import User
from posapp.services.bookkeeping.cash_instead import CashOffer, cash_offers
from posapp.services.bookkeeping.payment_gap import guard_money_certain, guard_reconciled
from posapp.services.bookkeeping.print_log import (
    PrintRecord,
    cash_slip_key,
    order_report_key,
    read_printed,
    receipt_key,
    record_print,
    refund_slip_key,
)
from posapp.services.ports.unit_of_work import Store, UnitOfWork

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OrderHistory:
    """One order with its records, each list oldest first.

    Attributes:
        printed: the prints, by the keys of ``posapp.services.bookkeeping.print_log``.
        doubt: why nothing of the order may be cancelled, decided or handed over now.
        shop: the shop's details for the order's receipt.
        staff_names: names of the staff, by number.
        tenders: cash that was received for it.
        cash_refunds: cash that goes back for its items.
        cash_receipts: 현금영수증 of its cash.
        cash_offers: what can go back in cash as KakaoPay refused its refund for good, by item.
    """

    order: Order
    buyer: User | None
    attempts: tuple[Attempt, ...]
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]
    ledger: tuple[LedgerEntry, ...]
    requests: tuple[Request, ...] = ()
    printed: Mapping[str, PrintRecord] = field(default_factory=dict)
    doubt: ErrorCode | None = None
    shop: ShopDetails = NO_DETAILS
    staff_names: Mapping[int, str] = field(default_factory=dict)
    tenders: tuple[CashTender, ...] = ()
    cash_refunds: tuple[CashRefund, ...] = ()
    cash_receipts: tuple[CashReceipt, ...] = ()
    cash_offers: Mapping[int, CashOffer] = field(default_factory=dict)

    @property
    def captured(self) -> Won:
        """Won that came in for this order: captured, accepted or not, and received in cash."""
        by_qr = sum((one.amount for one in self.payments), ZERO)
        return by_qr + sum((one.amount for one in self.tenders), ZERO)

    @property
    def returned(self) -> Won:
        """Won that went back: confirmed refunds, and cash that was handed out or given back."""
        by_qr = (one.amount for one in self.refunds if one.state is RefundState.CONFIRMED)
        paid_out = (one.amount for one in self.cash_refunds if one.paid_at is not None)
        back = (one.amount for one in self.tenders if one.state is TenderState.RETURNED)
        return sum((*by_qr, *paid_out, *back), ZERO)

    def cash_back_of(self, item: OrderItem) -> Won:
        """Return how many won of an item would go back in cash now; the rest goes back by QR.

        Args:
            item: of the order; or some pieces of one, with their count.
        """
        if not any(one.state is TenderState.KEPT for one in self.tenders):
            return ZERO
        accepted = PaymentDisposition.ACCEPTED
        payment = next((one for one in self.payments if one.disposition is accepted), None)
        by_qr = [one for one in self.refunds if payment and one.imp_uid == payment.imp_uid]
        captured = payment.amount if payment is not None else ZERO
        return split_refund(item, self.order, self.tenders, self.cash_refunds, captured, by_qr).cash

    @property
    def has_receipt(self) -> bool:
        """Whether a payment was accepted, or cash kept."""
        accepted = PaymentDisposition.ACCEPTED
        return any(one.disposition is accepted for one in self.payments) or any(
            one.state is TenderState.KEPT for one in self.tenders
        )


class OrderHistoryService:
    """Reads the history of an order, and records its prints."""

    def __init__(self, store: Store, shop: ShopDetails = NO_DETAILS) -> None:
        self._store = store
        self._shop = shop

    def for_order(self, order_id: int) -> OrderHistory:
        """Return the history of one order.

        Raises:
            UserError: ``ORDER_UNKNOWN``.
        """
        with self._store.snapshot() as uow:
            order = uow.orders.get(order_id)
            if order is None:
                raise UserError(ErrorCode.ORDER_UNKNOWN)
            refunds = uow.refunds.for_order(order_id)
            in_cash = uow.cash.refunds_of_order(order_id)
            slips = (*map(refund_slip_key, refunds), *map(cash_slip_key, in_cash))
            papers = (receipt_key(order_id), order_report_key(order_id), *slips)
            known = ((paper, read_printed(uow.checkpoints, paper)) for paper in papers)
            return OrderHistory(
                order,
                uow.people.get(order.buyer_id),
                uow.attempts.for_order(order_id),
                uow.payments.for_order(order_id),
                refunds,
                uow.ledger.for_order(order_id),
                uow.requests.for_order(order_id),
                {paper: printed for paper, printed in known if printed is not None},
                _doubt(uow, order_id),
                self._shop,
                uow.staff.names(),
                uow.cash.of_order(order_id),
                in_cash,
                uow.cash_receipts.of_order(order_id),
                cash_offers(uow, refunds),
            )

    def note_printed(self, actor: Actor, paper: str, at: datetime) -> None:
        """Record a print, so that the next print of the same paper is marked as a copy.

        Raises:
            EnvironmentProblem: it could not be recorded; the paper was printed all the same.
        """
        with self._store.transaction() as uow:
            record_print(uow.checkpoints, paper, at)
            uow.commit()
        log.info("%s printed by %s", paper, actor)


def _doubt(uow: UnitOfWork, order_id: int) -> ErrorCode | None:
    """Return the error that the guards of every action on this order would raise now."""
    try:
        guard_reconciled(uow)
        guard_money_certain(uow, order_id)
    except UserError as error:
        return error.code
    return None
