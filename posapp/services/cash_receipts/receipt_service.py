"""Cash receipts for screens: asking for one, what became of it, and the list of what people do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from posapp.domain.actors import Actor
from posapp.domain.cash_receipts import (
    MANDATORY_FROM,
    CashReceipt,
    ReceiptState,
    ReceiptTaskKind,
    ReceiptTrigger,
    task_of,
)
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import ZERO, Won
from posapp.domain.permissions import Permission
from posapp.domain.receipt_identity import ReceiptPurpose, parse_identity
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.bookkeeping.payment_gap import guard_reconciled
from posapp.services.bookkeeping.receipt_records import (
    cash_of_sale,
    current_receipt,
    record_cancelled,
    record_issued,
)
from posapp.services.cash_receipts.request_receipt import ReceiptRequests, may_be_replaced
from posapp.services.ports.cash_receipts import IdentityVault, ReceiptIssuer
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store

APPROVAL_DIGITS = range(6, 13)
"""Lengths of an approval number that a person types; the tax office's have 9 digits."""


@dataclass(frozen=True, slots=True)
class OrderReceipt:
    """What an order's page shows of its cash receipt.

    Attributes:
        cash: won of the order that were paid in cash and not handed out again.
        receipt: the one that counts, else the newest; ``None``: there never was one.
        is_mandatory: it is issued unasked.
        has_channel: PortOne issues it; else a person does.
        task: what a person has to do; ``None``: nothing.
        is_overdue: it should have been issued by now.
        may_request: another one can be asked for now.
    """

    order_id: int
    cash: Won
    receipt: CashReceipt | None
    is_mandatory: bool
    has_channel: bool
    task: ReceiptTaskKind | None
    is_overdue: bool
    may_request: bool


@dataclass(frozen=True, slots=True)
class ReceiptTask:
    """One line of 발급할 현금영수증.

    Attributes:
        is_overdue: it should have been issued by now.
        may_reissue: it was refused, and PortOne can be asked again under a new number.
        has_channel: PortOne issues receipts; else a person does.
    """

    receipt: CashReceipt
    kind: ReceiptTaskKind
    is_overdue: bool
    may_reissue: bool
    has_channel: bool


class CashReceiptService:
    """Cash receipts of orders. Guards run in the transaction that writes."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        access: AccessControl,
        requests: ReceiptRequests,
        issuer: ReceiptIssuer,
        vault: IdentityVault,
        is_online: Callable[[], bool],
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._access = access
        self._requests = requests
        self._issuer = issuer
        self._vault = vault
        self._is_online = is_online
        self._wake = wake

    def of_order(self, order_id: int) -> OrderReceipt:
        """Return what an order's page shows."""
        with self._store.snapshot() as uow:
            cash = cash_of_sale(uow, order_id).amount
            receipts = uow.cash_receipts.of_order(order_id)
        current, now = current_receipt(receipts), self._clock.now()
        return OrderReceipt(
            order_id,
            cash,
            current or (receipts[-1] if receipts else None),
            is_mandatory=self._requests.rules.is_mandatory and cash >= MANDATORY_FROM,
            has_channel=self._issuer.has_channel,
            task=task_of(current, now) if current is not None else None,
            is_overdue=current is not None and current.is_overdue(now),
            may_request=cash > ZERO and (current is None or may_be_replaced(current)),
        )

    def request(
        self, actor: Actor, order_id: int, purpose: ReceiptPurpose, number: str = ""
    ) -> CashReceipt:
        """Ask for a receipt of an order's cash. Works offline: it is issued once PortOne is there.

        Args:
            number: as a person typed it; nothing for a receipt for nobody.

        Raises:
            UserError: ``NOT_PERMITTED``, ``FILE_BEHIND``, ``ORDER_UNKNOWN``; ``RECEIPT_NUMBER``,
                ``RECEIPT_RESIDENT``; ``RECEIPT_NO_CASH``: no cash of the order is left;
                ``RECEIPT_EXISTS``; ``RECEIPT_OFFLINE``: there is no keyring, and no network.
        """
        is_named = purpose is not ReceiptPurpose.UNNAMED
        identity = parse_identity(purpose, number) if is_named else None
        is_sent = identity is not None and self._issuer.has_channel
        # Before the transaction: the keyring may take its time.
        if is_sent and not self._vault.load_key() and not self._is_online():
            raise UserError(ErrorCode.RECEIPT_OFFLINE)
        now = self._clock.now()
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.SELL)
            guard_reconciled(uow)
            if uow.orders.get(order_id) is None:
                raise UserError(ErrorCode.ORDER_UNKNOWN)
            if identity is None:
                made = self._requests.ask_unnamed(uow, actor, order_id, now)
            else:
                made = self._requests.ask_named(uow, actor, order_id, purpose, identity, now)
            uow.commit()
        self._wake()
        return made

    def enter_approval(self, actor: Actor, receipt_id: int, approval_no: str) -> CashReceipt:
        """Close a task: the receipt was issued elsewhere under this approval number.

        Raises:
            UserError: ``NOT_PERMITTED``, ``RECEIPT_UNKNOWN``; ``RECEIPT_APPROVAL``: no such
                number; ``RECEIPT_STATE``: it does not wait for a person.
        """
        number = "".join(approval_no.split()).replace("-", "")
        if not (number.isascii() and number.isdigit() and len(number) in APPROVAL_DIGITS):
            raise UserError(ErrorCode.RECEIPT_APPROVAL)
        now = self._clock.now()
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.SELL)
            receipt = uow.cash_receipts.get(receipt_id)
            if receipt is None:
                raise UserError(ErrorCode.RECEIPT_UNKNOWN)
            if task_of(receipt, now) is not ReceiptTaskKind.ISSUE:
                raise UserError(ErrorCode.RECEIPT_STATE)
            by_hand = replace(receipt, by_hand=True)
            issued = record_issued(uow, by_hand, ReceiptTrigger.ENTERED, number, now, actor, now)
            uow.commit()
        self._wake()
        return issued

    def enter_cancel(self, actor: Actor, receipt_id: int) -> CashReceipt:
        """Close a task: the receipt was cancelled elsewhere.

        Raises:
            UserError: ``NOT_PERMITTED``, ``RECEIPT_UNKNOWN``, ``RECEIPT_STATE``.
        """
        now = self._clock.now()
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.SELL)
            receipt = uow.cash_receipts.get(receipt_id)
            if receipt is None:
                raise UserError(ErrorCode.RECEIPT_UNKNOWN)
            if task_of(receipt, now) is not ReceiptTaskKind.CANCEL:
                raise UserError(ErrorCode.RECEIPT_STATE)
            done = record_cancelled(uow, receipt, ReceiptTrigger.ENTERED, None, actor, now)
            uow.commit()
        self._wake()
        return done

    def tasks(self) -> tuple[ReceiptTask, ...]:
        """Return what people have to do, first due first."""
        now, has_channel = self._clock.now(), self._issuer.has_channel
        with self._store.snapshot() as uow:
            waiting = uow.cash_receipts.open()
        return tuple(
            ReceiptTask(
                one,
                kind,
                one.is_overdue(now),
                may_reissue=has_channel and one.state is ReceiptState.REFUSED,
                has_channel=has_channel,
            )
            for one in waiting
            if (kind := task_of(one, now)) is not None
        )
