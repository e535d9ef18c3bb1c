"""Composition of the services of cash receipts."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.cash_receipts.receipt_job import ReceiptJob
from posapp.services.cash_receipts.receipt_protocol import ReceiptProtocol
from posapp.services.cash_receipts.receipt_service import CashReceiptService
from posapp.services.cash_receipts.request_receipt import ReceiptRequests
from posapp.services.payment_services import PaymentServices
from posapp.services.till_config import TillConfig
from posapp.services.till_ports import Ports


@dataclass(frozen=True, slots=True)
class CashReceiptServices:
    """Services of cash receipts: for screens, and for the background."""

    service: CashReceiptService
    job: ReceiptJob


def build_receipt_services(
    ports: Ports, config: TillConfig, paying: PaymentServices, access: AccessControl
) -> CashReceiptServices:
    """Build what asks for cash receipts and sends them."""
    store, clock, issuer, vault = ports.store, ports.clock, ports.receipt_issuer, ports.vault
    requests = ReceiptRequests(ports.ids, issuer, vault, config.receipts)
    protocol = ReceiptProtocol(
        store, issuer, vault, clock, paying.account, config.receipts.unnamed_number
    )
    job = ReceiptJob(store, clock, protocol, requests, ports.status_store)

    def wake() -> None:
        job.nudge()
        ports.wake()

    service = CashReceiptService(
        store,
        clock,
        access,
        requests,
        issuer,
        vault,
        lambda: paying.connectivity.online is not False,
        wake,
    )
    return CashReceiptServices(service, job)
