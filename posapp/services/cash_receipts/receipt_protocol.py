"""One round of a cash receipt: read it, and send it if the reading permits it.

PortOne has no idempotency key for receipts, but issues one receipt a number for ever. The rules are
those of refunds (docs/adr/0002-read-before-send.md, docs/adr/0007-refusals-are-a-white-list.md):
the intent is committed before anything is sent, the receipt is read before every send, and after an
unclear send only readings follow for a while.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from posapp.domain.actors import PORTONE
from posapp.domain.cash_receipts import (
    AT_PORTONE,
    CashReceipt,
    ReceiptProblem,
    ReceiptState,
    ReceiptTrigger,
    ReportedReceipt,
    is_ours,
)
from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome, UserError
from posapp.domain.receipt_identity import ReceiptIdentity, ReceiptPurpose, parse_identity
from posapp.services.bookkeeping.receipt_records import (
    cash_of_sale,
    record_cancelled,
    record_issued,
    revise_receipt,
)
from posapp.services.bookkeeping.shop_account import AccountCheck
from posapp.services.ports.cash_receipts import IdentityVault, IssueCommand, ReceiptIssuer
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store

IN_FLIGHT_WINDOW = timedelta(minutes=20)
"""How long a send without a clear answer may still be carried out, by the monotonic clock. A
program that did not see the send counts from its own start."""

MOST_DOUBTS = 5
"""Readings of another receipt under our number after which a person takes over."""

SHORT, LONG = timedelta(seconds=5), timedelta(minutes=5)
"""Pauses until the next round: while something is under way, and while a person has to look."""

_CANCELLING = frozenset(
    {
        *(ReceiptState.CANCEL_REQUESTED, ReceiptState.CANCELLING, ReceiptState.CANCEL_UNKNOWN),
    }
)
_INTERRUPTED = frozenset({ReceiptState.SENDING, ReceiptState.CANCELLING})


@dataclass(frozen=True, slots=True)
class Round:
    """Result of one round.

    Attributes:
        pause: until the next one; ``None``: there is none.
        contacted: PortOne was asked.
    """

    pause: timedelta | None = None
    error: GatewayError | None = None
    contacted: bool = True


class ReceiptProtocol:
    """Runs rounds of receipts, one after the other.

    Args:
        unnamed_number: the number of a receipt for nobody.
    """

    def __init__(
        self,
        store: Store,
        issuer: ReceiptIssuer,
        vault: IdentityVault,
        clock: Clock,
        account: AccountCheck,
        unnamed_number: str,
    ) -> None:
        self._store = store
        self._issuer = issuer
        self._vault = vault
        self._clock = clock
        self._account = account
        self._unnamed_number = unnamed_number
        self._began_ms = clock.monotonic()
        self._unclear_ms: dict[int, int] = {}
        self._doubts: dict[int, int] = {}

    def run_once(self, receipt_id: int) -> Round:
        """Read a receipt, and send it, or its cancel, if the reading permits it. Never raises a
        gateway error; each step is committed before the next one begins."""
        receipt = self._begin(receipt_id)
        if receipt is None:
            return Round(contacted=False)
        if receipt.state is ReceiptState.REQUESTED and self._is_blocked(receipt):
            return Round(SHORT, contacted=False)
        try:
            reported = self._issuer.find(receipt.own_no)
            if reported is None and not self._account.is_own():
                raise GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.ACCOUNT)
        except GatewayError as error:
            return Round(SHORT, error)
        if reported is not None and not is_ours(receipt, reported):
            return self._differs(receipt)
        self._doubts.pop(receipt.id, None)
        if receipt.state in _CANCELLING:
            return self._cancel(receipt, reported)
        if reported is not None:
            self._take_over(receipt, reported)
            return Round()
        if self._may_still_land(receipt):
            return Round(SHORT)
        if receipt.cancel_wanted:
            self._withdraw(receipt)
            return Round()
        return self._issue(receipt)

    def _begin(self, receipt_id: int) -> CashReceipt | None:
        """Return the receipt if something is to be done. One that is being sent was interrupted
        there: its result becomes unknown."""
        with self._store.transaction() as uow:
            receipt = uow.cash_receipts.get(receipt_id)
            if receipt is None or receipt.by_hand:
                return None
            if receipt.state in _INTERRUPTED:
                receipt = replace(
                    receipt.apply(ReceiptTrigger.ANSWER_UNCLEAR),
                    last_unknown_at=self._clock.now(),
                )
                uow.cash_receipts.save(receipt)
                uow.commit()
            return receipt

    def _is_blocked(self, receipt: CashReceipt) -> bool:
        """Return whether PortOne may hold another receipt of the order, which is cancelled
        first."""
        with self._store.snapshot() as uow:
            others = uow.cash_receipts.of_order(receipt.order_id)
        return any(one.state in AT_PORTONE for one in others)

    # Issuing.

    def _take_over(self, receipt: CashReceipt, reported: ReportedReceipt) -> None:
        """Record what PortOne shows of a receipt that we wanted to issue."""
        now = self._clock.now()
        with self._store.transaction() as uow:
            current = uow.cash_receipts.get(receipt.id)
            if current is None or current.state is not receipt.state:
                return
            if reported.is_cancelled:
                trigger = ReceiptTrigger.FOUND_CANCELLED
                record_cancelled(uow, current, trigger, reported, PORTONE, now)
            else:
                record_issued(
                    uow,
                    current,
                    ReceiptTrigger.FOUND_ISSUED,
                    reported.approval_no,
                    reported.issued_at or now,
                    current.requested_by,
                    now,
                )
            uow.commit()
        self._vault.forget(receipt.own_no)

    def _withdraw(self, receipt: CashReceipt) -> None:
        with self._store.transaction() as uow:
            current = uow.cash_receipts.get(receipt.id)
            if current is not None and current.state is receipt.state:
                uow.cash_receipts.save(current.apply(ReceiptTrigger.WITHDRAWN))
                uow.commit()
        self._vault.forget(receipt.own_no)

    def _issue(self, receipt: CashReceipt) -> Round:
        identity = self._identity_of(receipt)
        if identity is None:
            self._give_up(receipt, ReceiptTrigger.GIVEN_UP, ReceiptProblem.NUMBER_LOST)
            return Round()
        sending = self._start_send(receipt)
        if sending is None:
            return Round(SHORT)
        before_ms = self._unclear_ms.get(sending.id)
        self._unclear_ms[sending.id] = self._clock.monotonic()
        try:
            issued = self._issuer.issue(
                IssueCommand(
                    own_no=sending.own_no,
                    amount=sending.amount,
                    tax_free=sending.tax_free,
                    name=self._name_of(sending.order_id),
                    is_company=sending.purpose is ReceiptPurpose.BUSINESS,
                    identity=identity,
                )
            )
        except GatewayError as error:
            if error.outcome in (GatewayOutcome.REFUSED, GatewayOutcome.RETRY_SAFE):
                self._forget_send(sending.id, before_ms)
            return self._after_error(sending, error)
        if not is_ours(sending, issued) or issued.is_cancelled:
            unproven = GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.GARBAGE)
            return self._after_error(sending, unproven)
        self._confirm(sending, issued)
        return Round()

    def _start_send(self, receipt: CashReceipt) -> CashReceipt | None:
        """Commit that the receipt is being sent, if it still is what the cash of its sale asks for;
        ``None``: it is not, or another receipt of the order is there."""
        with self._store.transaction() as uow:
            current = uow.cash_receipts.get(receipt.id)
            if current is None or current.state is not receipt.state or current.cancel_wanted:
                return None
            cash = cash_of_sale(uow, current.order_id)
            if (current.amount, current.tax_free) != (cash.amount, cash.tax_free):
                revise_receipt(uow, current.order_id, self._clock.now())
                uow.commit()
                return None
            sending = replace(
                current.apply(ReceiptTrigger.SEND_STARTED), send_count=current.send_count + 1
            )
            try:
                uow.cash_receipts.save(sending)
            except UserError:
                return None  # the one that it replaces is not cancelled yet
            uow.commit()
        return sending

    def _confirm(self, sending: CashReceipt, issued: ReportedReceipt) -> None:
        now = self._clock.now()
        with self._store.transaction() as uow:
            current = uow.cash_receipts.get(sending.id)
            if current is not None and current.state is ReceiptState.SENDING:
                record_issued(
                    uow,
                    current,
                    ReceiptTrigger.CONFIRMED,
                    issued.approval_no,
                    issued.issued_at or now,
                    current.requested_by,
                    now,
                )
                uow.commit()
        self._vault.forget(sending.own_no)

    def _after_error(self, sending: CashReceipt, error: GatewayError) -> Round:
        if error.outcome is GatewayOutcome.REFUSED:
            return self._after_refusal(sending, error)
        unsent = error.outcome is GatewayOutcome.RETRY_SAFE
        if unsent and sending.send_count == 1:
            self._note(sending, ReceiptTrigger.NOT_SENT, error, may_land=False)
        else:
            self._note(sending, ReceiptTrigger.ANSWER_UNCLEAR, error, may_land=not unsent)
        return Round(_pause(error), error)

    def _after_refusal(self, sending: CashReceipt, error: GatewayError) -> Round:
        """Handle a known refusal. It is believed if a fresh reading shows nothing, and no earlier
        send can still be carried out."""
        is_settings = error.cause is GatewayCause.SETTINGS
        try:
            fresh = None if is_settings else self._issuer.find(sending.own_no)
        except GatewayError:
            self._note(sending, ReceiptTrigger.ANSWER_UNCLEAR, error, may_land=False)
            return Round(SHORT, error)
        if fresh is not None or self._may_still_land(sending):
            self._note(sending, ReceiptTrigger.ANSWER_UNCLEAR, error, may_land=False)
            return Round(SHORT, error)
        problem = ReceiptProblem.CHANNEL if is_settings else ReceiptProblem.REFUSED
        self._give_up(sending, ReceiptTrigger.REFUSED, problem, error)
        return Round(error=error)

    def _identity_of(self, receipt: CashReceipt) -> ReceiptIdentity | None:
        if receipt.purpose is ReceiptPurpose.UNNAMED:
            return parse_identity(ReceiptPurpose.UNNAMED, self._unnamed_number)
        return self._vault.open(receipt.sealed, receipt.own_no)

    def _name_of(self, order_id: int) -> str:
        with self._store.snapshot() as uow:
            order = uow.orders.get(order_id)
        items = order.items if order is not None else ()
        if not items:
            return f"주문 {order_id}"
        more = f" 외 {len(items) - 1}건" if len(items) > 1 else ""
        return items[0].name[: 40 - len(more)] + more

    # Cancelling.

    def _cancel(self, receipt: CashReceipt, reported: ReportedReceipt | None) -> Round:
        if reported is None:
            if not receipt.send_count:
                return self._name(receipt, ReceiptProblem.MISSING)
            # It was there before our cancel was sent: a receipt that is gone is cancelled.
            self._record_cancel(receipt, ReceiptTrigger.FOUND_CANCELLED, None)
            return Round()
        if reported.is_cancelled:
            self._record_cancel(receipt, ReceiptTrigger.FOUND_CANCELLED, reported)
            return Round()
        if self._may_still_land(receipt):
            return Round(SHORT)
        return self._send_cancel(receipt)

    def _send_cancel(self, receipt: CashReceipt) -> Round:
        with self._store.transaction() as uow:
            current = uow.cash_receipts.get(receipt.id)
            if current is None or current.state is not receipt.state:
                return Round(SHORT)
            sending = replace(
                current.apply(ReceiptTrigger.SEND_STARTED), send_count=current.send_count + 1
            )
            uow.cash_receipts.save(sending)
            uow.commit()
        before_ms = self._unclear_ms.get(sending.id)
        self._unclear_ms[sending.id] = self._clock.monotonic()
        try:
            after = self._issuer.cancel(sending.own_no)
        except GatewayError as error:
            if error.outcome in (GatewayOutcome.REFUSED, GatewayOutcome.RETRY_SAFE):
                self._forget_send(sending.id, before_ms)
            return self._after_cancel_error(sending, error)
        if not is_ours(sending, after) or not after.is_cancelled:
            unproven = GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.GARBAGE)
            return self._after_cancel_error(sending, unproven)
        self._record_cancel(sending, ReceiptTrigger.CONFIRMED, after)
        return Round()

    def _after_cancel_error(self, sending: CashReceipt, error: GatewayError) -> Round:
        unsent = error.outcome is GatewayOutcome.RETRY_SAFE
        if unsent and sending.send_count == 1:
            self._note(sending, ReceiptTrigger.NOT_SENT, error, may_land=False)
            return Round(_pause(error), error)
        if error.outcome is not GatewayOutcome.REFUSED:
            self._note(sending, ReceiptTrigger.ANSWER_UNCLEAR, error, may_land=not unsent)
            return Round(_pause(error), error)
        try:
            fresh = self._issuer.find(sending.own_no)
        except GatewayError:
            fresh = None
        if fresh is None or fresh.is_cancelled or self._may_still_land(sending):
            self._note(sending, ReceiptTrigger.ANSWER_UNCLEAR, error, may_land=False)
            return Round(SHORT, error)
        self._give_up(sending, ReceiptTrigger.REFUSED, ReceiptProblem.REFUSED, error)
        return Round(error=error)

    def _record_cancel(
        self, receipt: CashReceipt, trigger: ReceiptTrigger, reported: ReportedReceipt | None
    ) -> None:
        now = self._clock.now()
        with self._store.transaction() as uow:
            current = uow.cash_receipts.get(receipt.id)
            if current is not None and current.state is receipt.state:
                record_cancelled(uow, current, trigger, reported, current.requested_by, now)
                uow.commit()

    # Both.

    def _may_still_land(self, receipt: CashReceipt) -> bool:
        """Tell whether an unclear send may still be carried out; meanwhile nothing is sent."""
        if receipt.last_unknown_at is None:
            return False
        since_ms = self._unclear_ms.get(receipt.id, self._began_ms)
        return timedelta(milliseconds=self._clock.monotonic() - since_ms) < IN_FLIGHT_WINDOW

    def _forget_send(self, receipt_id: int, before_ms: int | None) -> None:
        """Forget a send with a clear answer: only an earlier send may still be carried out."""
        if before_ms is None:
            self._unclear_ms.pop(receipt_id, None)
        else:
            self._unclear_ms[receipt_id] = before_ms

    def _note(
        self, sending: CashReceipt, trigger: ReceiptTrigger, error: GatewayError, *, may_land: bool
    ) -> None:
        with self._store.transaction() as uow:
            current = uow.cash_receipts.get(sending.id)
            if current is None or current.state is not sending.state:
                return
            noted = replace(
                current.apply(trigger), gateway_code=error.code, gateway_message=error.text
            )
            if trigger is ReceiptTrigger.NOT_SENT:
                noted = replace(noted, send_count=noted.send_count - 1)
            elif may_land:
                noted = replace(noted, last_unknown_at=self._clock.now())
            uow.cash_receipts.save(noted)
            uow.commit()

    def _give_up(
        self,
        receipt: CashReceipt,
        trigger: ReceiptTrigger,
        problem: ReceiptProblem,
        error: GatewayError | None = None,
    ) -> None:
        """Leave the receipt to a person."""
        with self._store.transaction() as uow:
            current = uow.cash_receipts.get(receipt.id)
            if current is None or current.state is not receipt.state:
                return
            left = replace(
                current.apply(trigger),
                problem=problem,
                gateway_code=error.code if error else None,
                gateway_message=error.text if error else "",
            )
            uow.cash_receipts.save(left)
            uow.commit()
        if receipt.state not in _CANCELLING:
            self._vault.forget(receipt.own_no)

    def _differs(self, receipt: CashReceipt) -> Round:
        """Handle a reading of another receipt under our number. After some of them a person takes
        over: another number is needed, or the cancel is made elsewhere."""
        doubts = self._doubts[receipt.id] = self._doubts.get(receipt.id, 0) + 1
        if receipt.state in _CANCELLING or doubts < MOST_DOUBTS:
            return self._name(receipt, ReceiptProblem.DIFFERS)
        self._give_up(receipt, ReceiptTrigger.GIVEN_UP, ReceiptProblem.DIFFERS)
        return Round()

    def _name(self, receipt: CashReceipt, problem: ReceiptProblem) -> Round:
        """Name what keeps a receipt from going on; it is read again now and then."""
        with self._store.transaction() as uow:
            current = uow.cash_receipts.get(receipt.id)
            if current is not None and current.state is receipt.state:
                uow.cash_receipts.save(replace(current, problem=problem))
                uow.commit()
        return Round(LONG)


def _pause(error: GatewayError) -> timedelta:
    return max(SHORT, timedelta(seconds=error.retry_after or 0))
