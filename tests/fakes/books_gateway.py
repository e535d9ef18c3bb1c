"""PortOne without a wire: the port ``PaymentGateway`` directly on the sandbox's books.

It replaces ``PortOneGateway`` and the sandbox's HTTP in simulations of tens of thousands of steps.
The sandbox's own wire format writes the answers, the client's own reader parses them, and the
client's own table classifies refusals; ``tests/simulation/test_stand_in.py`` compares it with the
real client over HTTP.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.domain.money import Won, require_part, require_positive
from posapp.domain.payment_ref import PaymentRef
from posapp.domain.payments import CancellationState, ReportedPayment, ReportedStatus
from posapp.domain.refunds import RefundAnswer
from posapp.portone import payloads, payment_list
from posapp.portone.api_call import parse_or_unknown
from posapp.portone.checkout import Link
from posapp.portone.client import CAPABILITIES
from posapp.portone.empty_list import says_empty
from posapp.portone.outcome_table import Api, CallKind, CallResult, Event, Shape, classify
from posapp.portone.refusals import Purpose
from posapp.sandbox import cancelling
from posapp.sandbox.envelopes import ApiRefusal, bad_request, no_such_payment
from posapp.sandbox.link_access import differs
from posapp.sandbox.listing import in_order, status_page
from posapp.sandbox.records import Buyer, Payment, Prepared
from posapp.sandbox.records import Link as BooksLink
from posapp.sandbox.rest import shop_channels
from posapp.sandbox.server import Sandbox
from posapp.sandbox.wire import payment_json
from posapp.services.ports.checkout import CheckoutOrder
from posapp.services.ports.gateway import Capabilities, PaymentPage, RefundCommand
from tests.fakes.books_receipts import BooksReceipts

LATEST = 15 * 60
"""Seconds after which a delayed effect is carried out at the latest (docs/faults.md, row 6)."""

UNSEEN = 30
"""Seconds in which a reading may not yet show a change of a payment (docs/portone.md,
"Payment": found only seconds after it was made)."""

T = TypeVar("T")


class Fault(StrEnum):
    """A fault of one exchange."""

    NOT_CONNECTED = "not_connected"
    LOST_BEFORE = "lost_before"
    LOST_AFTER = "lost_after"
    LATE = "late"
    REFUSED = "refused"
    REFUSED_BUT_DONE = "refused_but_done"
    SERVER_ERROR = "server_error"
    SERVER_ERROR_BUT_DONE = "server_error_but_done"
    UNKNOWN_STATUS = "unknown_status"
    HIDDEN = "hidden"
    UNAUTHORIZED = "unauthorized"
    TOO_MANY = "too_many"


_ACTS = frozenset(
    {
        None,
        Fault.LOST_AFTER,
        Fault.REFUSED_BUT_DONE,
        Fault.SERVER_ERROR_BUT_DONE,
        Fault.UNKNOWN_STATUS,
        Fault.HIDDEN,
    }
)
"""Faults with which PortOne carries out the call."""

_NO_ANSWER = {
    Fault.NOT_CONNECTED: Event.NOT_CONNECTED,
    Fault.LOST_BEFORE: Event.CONNECTION_LOST,
    Fault.LOST_AFTER: Event.CONNECTION_LOST,
    Fault.LATE: Event.CONNECTION_LOST,
}

_WRONG_ANSWER = {
    Fault.REFUSED: (200, -1, "결제취소에 실패하였습니다. 한도 초과"),
    Fault.REFUSED_BUT_DONE: (200, -1, "알 수 없는 오류입니다."),
    Fault.SERVER_ERROR: (502, None, ""),
    Fault.SERVER_ERROR_BUT_DONE: (500, None, ""),
    Fault.UNAUTHORIZED: (401, -1, "Unauthorized"),
    Fault.TOO_MANY: (429, -1, "Too Many Requests"),
}
"""HTTP status, code and message of the wrong answer of a fault."""

Act = Callable[[Fault | None], T]


class BooksGateway:
    """Port ``PaymentGateway`` on the books of a sandbox that need not listen.

    Attributes:
        plan: a fault, or ``None``, for each of the next exchanges, the next one first. One call
            can take several exchanges, as over HTTP.
        aimed: the same for the next exchanges of one method, by its name; it comes first.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._books = sandbox.books
        self._late = sandbox.faults.late
        self.conduct = sandbox.faults.conduct
        self._base = sandbox.api
        self._channel_key = sandbox.channel_key
        self.plan: deque[Fault | None] = deque()
        self.aimed: dict[str, deque[Fault | None]] = {}
        self.cash_receipts = BooksReceipts(self, sandbox.receipts)
        if not sandbox.running:
            self._books.link_address = "https://impay.link/{}".format

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def close(self) -> None:
        """Do nothing: there is no connection."""

    def prepare(self, merchant_uid: str, amount: Won) -> None:
        """As the client: an earlier registration of the same amount is fine."""
        wanted = Prepared(merchant_uid, int(require_positive(amount)), "KRW")
        try:
            self.exchange(
                "prepare",
                CallKind.WRITE,
                lambda _: self._books.prepare(wanted),
                purpose=Purpose.PREPARE,
            )
        except GatewayError as refusal:
            if refusal.outcome is not GatewayOutcome.REFUSED or not self._holds(
                merchant_uid, amount
            ):
                raise

    def create_link(self, order: CheckoutOrder) -> Link:
        """Make a link that is valid for its seconds from the books' time at the call."""
        expired_at = self._books.now() + order.seconds

        def act(_: Fault | None) -> str:
            amount = int(require_positive(order.amount))
            if not order.title or not order.name:
                raise bad_request("payment_info: 필수 값입니다.")
            if differs(self._books.prepared(order.merchant_uid), amount, "KRW"):
                raise bad_request("amount: 사전 등록된 결제 금액과 일치하지 않습니다.")
            now = self._books.now()
            if expired_at <= now:
                raise bad_request("expired_at: 현재 시각 이후여야 합니다.")

            def link(link_id: str) -> BooksLink:
                return BooksLink(
                    link_id=link_id,
                    merchant_uid=order.merchant_uid,
                    title=order.title,
                    name=order.name,
                    amount=amount,
                    tax_free=int(require_part(order.tax_free, order.amount)),
                    created_at=now,
                    expired_at=expired_at,
                    channel_key=self._channel_key,
                    buyer=Buyer(name=order.buyer_name, tel=order.buyer_tel),
                )

            return self._books.link_address(self._books.add_link(link).link_id)

        return Link(self.exchange("create_link", CallKind.WRITE, act, api=Api.LINK))

    def close_link(self, url: str) -> None:
        """Disable a link; an unknown one counts as disabled."""

        def act(_: Fault | None) -> None:
            if self._books.close_link(url.rpartition("/")[2]) is None:
                raise ApiRefusal(404, -1, "존재하지 않는 결제 링크입니다.")

        _or_none(lambda: self.exchange("close_link", CallKind.WRITE, act, api=Api.LINK))

    def find_payment(self, merchant_uid: str) -> ReportedPayment | None:
        """As the client: prefer a paid try, and after a failed one read the newest."""
        found = self._first(merchant_uid, "-paid")
        if found is None or found.status is not ReportedStatus.FAILED:
            return found
        return self._first(merchant_uid, "-started") or found

    def find_payments(self, merchant_uid: str) -> tuple[ReportedPayment, ...]:
        """Return every try, oldest first."""

        def act(fault: Fault | None) -> tuple[ReportedPayment, ...]:
            tries = in_order(self._visible(merchant_uid, fault), "started")
            return tuple(self._reported(each, fault) for each in tries)

        return self.exchange("find_all", CallKind.READ, act)

    def get_payment(self, ref: PaymentRef) -> ReportedPayment | None:
        """Read one payment."""

        def act(fault: Fault | None) -> ReportedPayment:
            payment = self._books.payment(ref.provider_id)
            if payment is None or self._is_hidden(payment, fault):
                raise no_such_payment()
            return self._reported(payment, fault)

        return _or_none(lambda: self.exchange("read", CallKind.READ, act))

    def cancel(self, order: RefundCommand) -> RefundAnswer:
        """Cancel; never repeated, not even after a refused token."""
        amount, checksum = require_positive(order.amount), require_positive(order.expected_balance)
        if amount > checksum:
            raise ValueError("a refund larger than the balance it is checked against")
        wanted = cancelling.CancelOrder(
            imp_uid=order.ref.provider_id,
            amount=int(amount),
            tax_free=int(require_part(order.tax_free, amount)),
            checksum=int(checksum),
            reason=order.reason,
        )

        def act(fault: Fault | None) -> ReportedPayment:
            return self._reported(self._books.cancel(wanted), fault)

        after = self.exchange(
            "cancel", CallKind.WRITE, act, repeat_unauthorized=False, purpose=Purpose.CANCEL
        )
        return RefundAnswer(CancellationState.SUCCEEDED, after)

    def list_payments(
        self, since: datetime, until: datetime, cursor: str | None = None
    ) -> PaymentPage:
        """Return one page of a time window."""
        page = payment_list.page_of(cursor)
        query = dict(payment_list.page_query(since, until, page))

        def act(_: Fault | None) -> payloads.PageAnswer:
            found = status_page(self._books, self.conduct, "all", query, self._base)
            return parse_or_unknown(payloads.page, found)

        try:
            answer = self.exchange("list_payments", CallKind.READ, act)
        except GatewayError as error:
            if page == 1 and says_empty(error):
                return payment_list.EMPTY_PAGE
            raise
        return payment_list.to_payment_page(answer, page)

    def channels(self) -> tuple[payloads.Channel, ...]:
        """Return the shop's channels."""
        listed = shop_channels(self.conduct, self._channel_key)
        return self.exchange(
            "channels", CallKind.READ, lambda _: parse_or_unknown(payloads.channels, listed)
        )

    def is_own_account(self, merchant_uid: str = "") -> bool:
        """As the client: decide by the channels and by a registered number."""
        if self._channel_key not in {one.channel_key for one in self.channels()}:
            return False
        if not merchant_uid:
            return True

        def act(_: Fault | None) -> Prepared:
            found = self._books.prepared(merchant_uid)
            if found is None:
                raise no_such_payment()
            return found

        return _or_none(lambda: self.exchange("prepare", CallKind.READ, act)) is not None

    def server_now(self) -> datetime:
        """Return the books' time in whole seconds: it is part of a fresh token, and nothing is sent
        without one."""
        try:
            return self.exchange(
                "server_now",
                CallKind.READ,
                lambda _: datetime.fromtimestamp(self._books.now(), UTC),
                repeat_unauthorized=False,
            )
        except GatewayError as error:
            refused = error.outcome is GatewayOutcome.REFUSED
            cause = GatewayCause.UNAUTHORIZED if refused else error.cause
            raise GatewayError(
                GatewayOutcome.RETRY_SAFE, cause, code=error.code, text=error.text
            ) from None

    def probe(self) -> None:
        """Succeed as soon as PortOne answers in its own envelope."""
        try:
            self.exchange("probe", CallKind.READ, lambda _: None, repeat_unauthorized=False)
        except GatewayError as error:
            if error.cause is not GatewayCause.UNAUTHORIZED:
                raise

    # Internals.

    def _holds(self, merchant_uid: str, amount: Won) -> bool:
        def act(_: Fault | None) -> Prepared:
            found = self._books.prepared(merchant_uid)
            if found is None:
                raise no_such_payment()
            return found

        try:
            return self.exchange("prepare", CallKind.READ, act).amount == amount
        except GatewayError as error:
            if error.outcome is GatewayOutcome.REFUSED:
                return False
            raise

    def _first(self, merchant_uid: str, sorting: str) -> ReportedPayment | None:
        def act(fault: Fault | None) -> ReportedPayment:
            tries = in_order(self._visible(merchant_uid, fault), sorting)
            if not tries:
                raise no_such_payment()
            return self._reported(tries[0], fault)

        return _or_none(lambda: self.exchange("find", CallKind.READ, act))

    def _visible(self, merchant_uid: str, fault: Fault | None) -> list[Payment]:
        tries = self._books.visible_tries(merchant_uid)
        return [each for each in tries if not self._is_hidden(each, fault)]

    def _is_hidden(self, payment: Payment, fault: Fault | None) -> bool:
        return fault is Fault.HIDDEN and self._books.now() - payment.updated_at < UNSEEN

    def _json(self, payment: Payment) -> dict[str, object]:
        return payment_json(payment, self._base, self.conduct)

    def _reported(self, payment: Payment, fault: Fault | None) -> ReportedPayment:
        written = self._json(payment)
        if fault is Fault.UNKNOWN_STATUS:
            written["status"] = "melted"
        return parse_or_unknown(payloads.payment, written)

    def _next_fault(self, name: str) -> Fault | None:
        for faults in (self.aimed.get(name), self.plan):
            if faults:
                return faults.popleft()
        return None

    def exchange(
        self,
        name: str,
        action: CallKind,
        act: Act[T],
        *,
        api: Api = Api.REST,
        repeat_unauthorized: bool = True,
        purpose: Purpose = Purpose.OTHER,
    ) -> T:
        """Play one HTTP exchange: PortOne acts or not, and its answer arrives or not."""
        self._late.land_due()
        fault = self._next_fault(name)
        if fault is Fault.UNAUTHORIZED and repeat_unauthorized and api is Api.REST:
            return self.exchange(name, action, act, repeat_unauthorized=False, purpose=purpose)
        if fault is Fault.LATE and action is CallKind.WRITE:
            self._late.defer(lambda: _quietly(act), LATEST)
        received = fault not in _NO_ANSWER and fault not in _WRONG_ANSWER
        try:
            if fault in _ACTS:
                done = act(fault)
        except ApiRefusal as refusal:
            if received:
                raise _refused(action, api, purpose, refusal) from None
        if received:
            return done
        if fault in _NO_ANSWER:
            raise _judged(CallResult(action, _NO_ANSWER[fault], api))
        status, code, message = _WRONG_ANSWER[fault]
        shape = Shape.EMPTY if code is None else Shape.ENVELOPE
        raise _judged(
            CallResult(action, Event.ANSWERED, api, status, shape, code, message, purpose)
        )


def _or_none(call: Callable[[], T]) -> T | None:
    try:
        return call()
    except GatewayError as error:
        if error.cause is GatewayCause.NOT_FOUND:
            return None
        raise


def _refused(action: CallKind, api: Api, purpose: Purpose, refusal: ApiRefusal) -> GatewayError:
    shape = Shape.OBJECT if api is Api.LINK else Shape.ENVELOPE
    return _judged(
        CallResult(
            action,
            Event.ANSWERED,
            api,
            refusal.status,
            shape,
            refusal.code,
            refusal.message,
            purpose,
        )
    )


def _judged(result: CallResult) -> GatewayError:
    """Return the error that the client raises for this result."""
    known = classify(result)
    assert known.cause is not None, result
    return GatewayError(
        known.outcome,
        known.cause,
        code=result.code or result.status or None,
        text=result.message,
    )


def _quietly(act: Act[object]) -> None:
    """Carry out a delayed effect; PortOne's answer is lost."""
    with suppress(ApiRefusal):
        act(None)
