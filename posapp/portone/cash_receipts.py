"""Cash receipts of PortOne V1 for money that was taken outside of it (docs/portone.md, "Cash
receipts")."""

from __future__ import annotations

import threading

from posapp.domain.cash_receipts import OWN_NO_LIMIT, ReportedReceipt
from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.domain.money import require_positive
from posapp.domain.receipt_identity import IdentityKind, without_numbers
from posapp.portone import payloads
from posapp.portone.api_call import invalid_answer
from posapp.portone.payloads import Channel
from posapp.portone.refusals import Purpose
from posapp.portone.rest_calls import RestCalls, path_segment
from posapp.portone.settings import GatewaySettings
from posapp.services.ports.cash_receipts import IssueCommand

PROVIDERS = frozenset(
    {
        *("html5_inicis", "kcp", "nice", "nice_v2", "kicc", "settle", "tosspayments"),
        *("ksnet", "smartro", "smartro_v2", "welcome"),
    }
)
"""Payment companies that issue cash receipts of money outside of PortOne (V1 schema)."""

NAME_LIMIT = 40
BUYER_NAME = "방문 손님"
"""Name of a buyer whom the shop does not know, for companies that want one."""

_TYPES = {
    IdentityKind.PHONE: "phone",
    IdentityKind.CARD: "taxcard",
    IdentityKind.BUSINESS: "business",
}


class PortOneReceipts:
    """``ReceiptIssuer`` over PortOne V1. Thread-safe."""

    def __init__(self, rest: RestCalls, settings: GatewaySettings) -> None:
        self._rest = rest
        self._settings = settings
        self._lock = threading.Lock()
        self._provider = ""

    @property
    def has_channel(self) -> bool:
        """Whether the settings name a channel."""
        return bool(self._settings.receipt_channel_key)

    def find(self, own_no: str) -> ReportedReceipt | None:
        """Read a receipt."""
        call = self._rest.read(_path(own_no), purpose=Purpose.RECEIPT)
        found = self._rest.or_none(call, payloads.cash_receipt)
        if found is not None and found.own_no != own_no:
            raise invalid_answer()
        return found

    def issue(self, command: IssueCommand) -> ReportedReceipt:
        """Issue a receipt.

        Raises:
            GatewayError: ``SETTINGS``, REFUSED: the channel of the settings issues none, and
                nothing was sent.
        """
        body = self._body(command, self._find_provider())
        call = self._rest.write("POST", _path(command.own_no), body, Purpose.RECEIPT)
        try:
            issued = self._rest.answer(call, payloads.cash_receipt, repeat_unauthorized=False)
        except GatewayError as error:
            # The text may repeat the buyer's number.
            raise _with_outcome(error, error.outcome) from None
        if issued.own_no != command.own_no:
            raise invalid_answer()
        return issued

    def cancel(self, own_no: str) -> ReportedReceipt:
        """Cancel a receipt."""
        call = self._rest.write("DELETE", _path(own_no), None, Purpose.RECEIPT_CANCEL)
        after = self._rest.answer(call, payloads.cash_receipt, repeat_unauthorized=False)
        if after.own_no != own_no:
            raise invalid_answer()
        return after

    def _body(self, command: IssueCommand, provider: str) -> dict[str, object]:
        identity = command.identity
        body: dict[str, object] = {
            "channel_key": self._settings.receipt_channel_key,
            "name": command.name[:NAME_LIMIT],
            "amount": int(require_positive(command.amount)),
            "tax_free": int(command.tax_free),
            "identifier": identity.digits,
            "identifier_type": _TYPES[identity.kind],
            "type": "company" if command.is_company else "person",
        }
        is_phone = identity.kind is IdentityKind.PHONE
        phone = identity.digits if is_phone else self._settings.receipt_phone
        if provider == "ksnet":
            body |= {"product_type": "real", "buyer_name": BUYER_NAME}
        elif provider == "smartro_v2":
            body |= {"buyer_name": BUYER_NAME, "buyer_tel": phone}
        elif provider == "welcome":
            business = self._settings.receipt_business
            body |= {"buyer_tel": phone, "corp_reg_no": business, "pay_method": "trans"}
        return body

    def _find_provider(self) -> str:
        """Return the payment company of the channel, which says what it wants to know."""
        with self._lock:
            known = self._provider
        if not known:
            channel = self._channel()
            known = channel.pg_provider
            if known not in PROVIDERS or channel.sandbox is self._settings.live:
                raise GatewayError(GatewayOutcome.REFUSED, GatewayCause.SETTINGS, text=known)
            with self._lock:
                self._provider = known
        return known

    def _channel(self) -> Channel:
        try:
            channels = self._rest.answer(self._rest.read("/users/pg"), payloads.channels)
        except GatewayError as error:
            # Nothing was sent of the receipt, whatever became of this reading.
            raise _with_outcome(error, GatewayOutcome.RETRY_SAFE) from error
        key = self._settings.receipt_channel_key
        found = next((one for one in channels if one.channel_key == key), None)
        if found is None:
            raise GatewayError(GatewayOutcome.REFUSED, GatewayCause.SETTINGS, text="channel_key")
        return found


def _with_outcome(error: GatewayError, outcome: GatewayOutcome) -> GatewayError:
    return GatewayError(
        outcome,
        error.cause,
        code=error.code,
        text=without_numbers(error.text),
        retry_after=error.retry_after,
    )


def _path(own_no: str) -> str:
    return f"/receipts/external/{path_segment(own_no, OWN_NO_LIMIT)}"
