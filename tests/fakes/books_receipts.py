"""PortOne's cash receipts without a wire: the port ``ReceiptIssuer`` on the sandbox's books.

It is to ``PortOneReceipts`` what ``BooksGateway`` is to the client, and shares its faults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posapp.domain.cash_receipts import ReportedReceipt
from posapp.domain.errors import GatewayCause, GatewayError
from posapp.domain.money import require_positive
from posapp.domain.receipt_identity import without_numbers
from posapp.portone import payloads
from posapp.portone.api_call import parse_or_unknown
from posapp.portone.outcome_table import CallKind
from posapp.portone.refusals import Purpose
from posapp.sandbox.receipt_book import CHANNEL, ReceiptBook, ReceiptOrder
from posapp.sandbox.receipt_routes import receipt_json
from posapp.sandbox.records import CashReceipt
from posapp.services.ports.cash_receipts import IssueCommand

if TYPE_CHECKING:
    from tests.fakes.books_gateway import Act, BooksGateway, Fault


class BooksReceipts:
    """Port ``ReceiptIssuer``; its exchanges are ``receipt``, ``issue_receipt`` and
    ``cancel_receipt``."""

    has_channel = True

    def __init__(self, gateway: BooksGateway, book: ReceiptBook) -> None:
        self._gateway = gateway
        self._book = book

    def find(self, own_no: str) -> ReportedReceipt | None:
        """Read a receipt."""

        def act(_: Fault | None) -> ReportedReceipt:
            return self._reported(self._book.read(own_no))

        try:
            return self._gateway.exchange("receipt", CallKind.READ, act, purpose=Purpose.RECEIPT)
        except GatewayError as error:
            if error.cause is GatewayCause.NOT_FOUND:
                return None
            raise

    def issue(self, command: IssueCommand) -> ReportedReceipt:
        """Issue a receipt once."""
        order = ReceiptOrder(
            merchant_uid=command.own_no,
            channel_key=CHANNEL,
            name=command.name,
            amount=int(require_positive(command.amount)),
            tax_free=int(command.tax_free),
            type="company" if command.is_company else "person",
            identifier=command.identity.digits,
        )

        def act(_: Fault | None) -> ReportedReceipt:
            return self._reported(self._book.issue(order))

        try:
            return self._write("issue_receipt", act, Purpose.RECEIPT)
        except GatewayError as error:
            raise GatewayError(
                error.outcome, error.cause, code=error.code, text=without_numbers(error.text)
            ) from None

    def cancel(self, own_no: str) -> ReportedReceipt:
        """Cancel a receipt once."""

        def act(_: Fault | None) -> ReportedReceipt:
            return self._reported(self._book.cancel(own_no))

        return self._write("cancel_receipt", act, Purpose.RECEIPT_CANCEL)

    def _write(self, name: str, act: Act[ReportedReceipt], purpose: Purpose) -> ReportedReceipt:
        return self._gateway.exchange(
            name, CallKind.WRITE, act, repeat_unauthorized=False, purpose=purpose
        )

    def _reported(self, receipt: CashReceipt) -> ReportedReceipt:
        return parse_or_unknown(payloads.cash_receipt, receipt_json(receipt, self._gateway.conduct))
