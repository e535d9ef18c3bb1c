"""Payments of a file as PortOne shows them if the file is correct."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from posapp.domain.errors import GatewayError
from posapp.domain.money import ZERO
from posapp.domain.payment_ref import PaymentRef
from posapp.domain.payments import ReportedCancellation, ReportedPayment, ReportedStatus
from posapp.portone.client import CAPABILITIES
from posapp.services.importing import Batch, SeedPayment, seed_payments
from posapp.services.importing.verify_claims import ClaimVerification
from posapp.services.runtime.gateways import Gateways
from posapp.store.unit_of_work import SqlStore
from tests.fakes.world import FakeClock

Answer = ReportedPayment | GatewayError | None


def reported(paid: SeedPayment) -> ReportedPayment:
    gone = sum((line.amount for line in paid.cancellations), ZERO)
    return ReportedPayment(
        imp_uid=paid.imp_uid,
        merchant_uid=paid.merchant_uid,
        status=ReportedStatus.CANCELLED if gone == paid.amount else ReportedStatus.PAID,
        amount=paid.amount,
        cancelled=gone,
        sandbox=paid.sandbox,
        pg_provider="kakaopay",
        paid_at=paid.paid_at,
        receipt_url=f"https://receipts.invalid/{paid.imp_uid}",
        history=tuple(
            ReportedCancellation(
                line.amount, line.reason, line.cancellation_id, cancelled_at=line.cancelled_at
            )
            for line in paid.cancellations
        ),
    )


def truth_of(batch: Batch) -> dict[str, ReportedPayment]:
    return {one.imp_uid: reported(one) for one in seed_payments(batch)}


class ReadingGateway:
    """PortOne, as far as claims ask it: one payment by its number. It refuses everything else."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers: dict[str, Answer] = dict(answers)
        self.requested: list[str] = []
        self.own_account = True
        self.capabilities = CAPABILITIES

    def is_own_account(self, merchant_uid: str = "") -> bool:
        return self.own_account

    def get_payment(self, ref: PaymentRef) -> ReportedPayment | None:
        self.requested.append(ref.provider_id)
        answer = self.answers.get(ref.provider_id)
        if isinstance(answer, GatewayError):
            raise answer
        return answer

    def __getattr__(self, name: str) -> Callable[..., object]:
        raise AssertionError(f"a claim is asked for by its number, not by {name}")


def checking(
    store: SqlStore, answers: Mapping[str, Answer], clock: FakeClock | None = None, *, live: bool
) -> ClaimVerification:
    return ClaimVerification(
        store, Gateways(ReadingGateway(answers)), clock or FakeClock(), live=live
    )


def confirm(store: SqlStore, batch: Batch) -> None:
    """Let PortOne show every payment of a file just as the file has it."""
    checking(store, truth_of(batch), live=False).resolve(truth_of(batch))
