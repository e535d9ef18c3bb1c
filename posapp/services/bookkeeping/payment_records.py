"""Collects our records of a payment for ``domain.refund_evidence``."""

from __future__ import annotations

from posapp.domain.payment_ref import PaymentRef
from posapp.domain.payments import ReportedPayment
from posapp.domain.refund_evidence import Records
from posapp.domain.refunds import Refund
from posapp.services.bookkeeping.external_cancellations import refunds_by_cancellation_id
from posapp.services.bookkeeping.item_parts import pieces_of
from posapp.services.ports.unit_of_work import UnitOfWork


def gather_records(uow: UnitOfWork, refund: Refund, reported: ReportedPayment) -> Records | None:
    """Return the records for ``check_refund``; ``None`` if the payment is not recorded."""
    payment = uow.payments.get(refund.imp_uid)
    if payment is None:
        return None
    return Records(
        payment,
        refunds_by_cancellation_id(uow, reported),
        is_in_doubt(uow, refund.imp_uid),
        pieces=pieces_of(uow, refund),
    )


def payment_ref_of(uow: UnitOfWork, imp_uid: str) -> PaymentRef:
    """Return the reference of a recorded payment.

    Raises:
        LookupError: the payment is not recorded; a refund always has one.
    """
    payment = uow.payments.get(imp_uid)
    if payment is None:
        raise LookupError("a payment that is not recorded")
    return payment.ref


def is_in_doubt(uow: UnitOfWork, imp_uid: str) -> bool:
    """Tell whether a mismatch of this payment is not explained yet; nothing is sent then."""
    return any(one.resolved_at is None for one in uow.mismatches.of_payment(imp_uid))
