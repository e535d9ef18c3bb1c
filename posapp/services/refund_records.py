"""What our records hold about a payment, gathered for the rules about a reading of it."""

from __future__ import annotations

from posapp.domain.payments import ReportedPayment
from posapp.domain.refund_evidence import Records
from posapp.domain.refunds import Refund
from posapp.services.elsewhere import recorded_lines
from posapp.services.ports.store import UnitOfWork


def records_of(uow: UnitOfWork, refund: Refund, reported: ReportedPayment) -> Records | None:
    """The records for ``domain.refund_evidence``; ``None``: the payment is not recorded."""
    payment = uow.payments.get(refund.imp_uid)
    if payment is None:
        return None
    return Records(payment, recorded_lines(uow, reported), is_in_doubt(uow, refund.imp_uid))


def is_in_doubt(uow: UnitOfWork, imp_uid: str) -> bool:
    """A difference of this payment is named and nobody has explained it yet: nothing is sent."""
    return any(one.settled_at is None for one in uow.mismatches.of_payment(imp_uid))
