"""Makes the records of new cash receipts, in the caller's unit of work."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from posapp.domain.actors import Actor
from posapp.domain.cash_receipts import (
    DUE_AFTER,
    CashReceipt,
    ReceiptRules,
    ReceiptState,
    ReceiptTrigger,
    build_own_no,
    following_no,
)
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import ZERO
from posapp.domain.receipt_identity import ReceiptIdentity, ReceiptPurpose
from posapp.services.bookkeeping.receipt_records import ask_cancel, cash_of_sale, current_receipt
from posapp.services.ports.cash_receipts import IdentityVault, ReceiptIssuer
from posapp.services.ports.system import IdGenerator
from posapp.services.ports.unit_of_work import UnitOfWork


class ReceiptRequests:
    """Makes receipts for a buyer's number, or for nobody."""

    def __init__(
        self,
        ids: IdGenerator,
        issuer: ReceiptIssuer,
        vault: IdentityVault,
        rules: ReceiptRules,
    ) -> None:
        self._ids = ids
        self._issuer = issuer
        self._vault = vault
        self.rules = rules

    def ask_named(
        self,
        uow: UnitOfWork,
        actor: Actor,
        order_id: int,
        purpose: ReceiptPurpose,
        identity: ReceiptIdentity,
        now: datetime,
    ) -> CashReceipt:
        """Ask for a receipt in the name of a number; the number is kept sealed, or in memory.

        Raises:
            UserError: ``RECEIPT_NO_CASH``, ``RECEIPT_EXISTS``.
        """
        made = self._new(uow, actor, order_id, purpose, identity, now)
        if not made.by_hand:
            made = replace(made, sealed=self._vault.seal(identity, made.own_no))
        return uow.cash_receipts.add(made)

    def ask_unnamed(
        self, uow: UnitOfWork, actor: Actor, order_id: int, now: datetime
    ) -> CashReceipt:
        """Ask for a receipt for nobody (자진발급); raises like :meth:`ask_named`."""
        return uow.cash_receipts.add(
            self._new(uow, actor, order_id, ReceiptPurpose.UNNAMED, None, now)
        )

    def _new(
        self,
        uow: UnitOfWork,
        actor: Actor,
        order_id: int,
        purpose: ReceiptPurpose,
        identity: ReceiptIdentity | None,
        now: datetime,
    ) -> CashReceipt:
        """Return a new receipt. Where it takes the place of one for nobody that is issued, it
        waits until that is cancelled."""
        cash = cash_of_sale(uow, order_id)
        if cash.amount <= ZERO or cash.received_at is None:
            raise UserError(ErrorCode.RECEIPT_NO_CASH)
        receipts = uow.cash_receipts.of_order(order_id)
        before = current_receipt(receipts)
        masked = identity.masked if identity is not None else ""
        due_at = cash.received_at + DUE_AFTER
        if before is not None:
            _make_room(uow, before, purpose, masked, now)
            due_at = max(due_at, before.due_at) if before.replaces_id is not None else due_at
        first = receipts[0].own_no if receipts else ""
        return CashReceipt(
            id=0,
            order_id=order_id,
            purpose=purpose,
            amount=cash.amount,
            tax_free=cash.tax_free,
            own_no=(
                following_no(first, len(receipts))
                if first
                else build_own_no(self._ids.merchant_uid(order_id))
            ),
            requested_by=actor,
            created_at=now,
            due_at=due_at,
            next_at=now,
            kind=identity.kind if identity is not None else None,
            masked=masked,
            by_hand=not self._issuer.has_channel,
            replaces_id=before.id if before is not None else None,
        )


def may_be_replaced(receipt: CashReceipt) -> bool:
    """Return whether another receipt, for somebody else, can take the place of this one."""
    return receipt.state in (ReceiptState.REQUESTED, ReceiptState.REFUSED) or (
        receipt.state is ReceiptState.ISSUED and receipt.purpose is ReceiptPurpose.UNNAMED
    )


def _make_room(
    uow: UnitOfWork,
    before: CashReceipt,
    purpose: ReceiptPurpose,
    masked: str,
    now: datetime,
) -> None:
    """Let a new receipt take the place of an earlier one: of one that was refused, or was not sent
    and is for somebody else, or was issued for nobody.

    Raises:
        UserError: ``RECEIPT_EXISTS``: none of these.
    """
    is_same = (before.purpose, before.masked) == (purpose, masked)
    is_waiting = before.state is ReceiptState.REQUESTED and not is_same
    is_unnamed = before.purpose is ReceiptPurpose.UNNAMED is not purpose
    if before.state is ReceiptState.REFUSED or is_waiting:
        uow.cash_receipts.save(before.apply(ReceiptTrigger.WITHDRAWN))
    elif before.state is ReceiptState.ISSUED and is_unnamed:
        ask_cancel(uow, before, now)
    else:
        raise UserError(ErrorCode.RECEIPT_EXISTS)
