"""White list of refusals: PortOne's texts that prove that nothing was done.

The set of PortOne's and KakaoPay's texts is open, and a cancel that "failed" may still be carried
out a minute later. A refusal therefore counts only if its whole text is listed here for the kind of
call that it answers; a listed phrase with anything before or behind it is another text. After an
unlisted text the result is unknown, and the payment is read again before anything else is done.

Each text has its source: ``seen`` in public code or issues that call the real service, ``doc`` in
PortOne's documentation, ``sandbox`` where only our own sandbox writes it and the real text is not
known. A real text that differs is then UNKNOWN, which costs another reading and never money.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.errors import GatewayCause


class Purpose(StrEnum):
    """Purpose of a call; a text counts only as an answer to its own kind of call."""

    OTHER = "other"
    CANCEL = "cancel"
    PREPARE = "prepare"
    RECEIPT = "receipt"
    RECEIPT_CANCEL = "receipt_cancel"


@dataclass(frozen=True, slots=True)
class KnownRefusal:
    """Whole text of a refusal, its source, and the HTTP status that it comes with."""

    text: str
    source: str
    cause: GatewayCause = GatewayCause.REFUSED
    status: int = 200


KAKAOPAY = "결제취소에 실패하였습니다."
"""Text that PortOne puts before KakaoPay's own text (seen: iamport-rest-client-java #20)."""


def _kakaopay(text: str, source: str, cause: GatewayCause = GatewayCause.REFUSED) -> KnownRefusal:
    return KnownRefusal(f"{KAKAOPAY} {text}", source, cause)


_CANCEL = (
    KnownRefusal(
        "이미 전액취소된 주문입니다.",
        "seen: docs/portone.md; several clients on GitHub",
        GatewayCause.BALANCE,
    ),
    KnownRefusal(
        "취소할 결제건이 존재하지 않습니다.",
        "seen: docs/portone.md; tests of the official and other clients (code 1)",
    ),
    KnownRefusal(
        "취소 가능 잔액(checksum)이 일치하지 않아 취소를 진행하지 않았습니다.",
        "sandbox",
        GatewayCause.BALANCE,
    ),
    KnownRefusal("취소 요청금액이 취소 가능한 잔액보다 큽니다.", "sandbox", GatewayCause.BALANCE),
    KnownRefusal("취소 요청금액이 올바르지 않습니다.", "sandbox"),
    # KakaoPay computes a share of VAT for each partial cancel. The shares of several cancels may
    # add up to more than the payment's VAT; then the next cancel is refused.
    _kakaopay(
        "requested cancel amount is bigger than cancelable amount",
        "seen: iamport-rest-client-java #20",
        GatewayCause.PARTIAL,
    ),
    _kakaopay("부가세 단수 차이", "sandbox", GatewayCause.PARTIAL),
    _kakaopay("부가세 금액이 올바르지 않습니다.", "sandbox", GatewayCause.PARTIAL),
    _kakaopay("부가세 금액이 맞지 않습니다.", "sandbox", GatewayCause.PARTIAL),
    _kakaopay("부가세 금액 오류", "sandbox", GatewayCause.PARTIAL),
    # Limits (docs/portone.md, "KakaoPay channel": card 1 year, money 5 years).
    _kakaopay(
        "MAX_CANCEL_COUNT_REACHED", "doc: PortOne V2, CancelPayment errors", GatewayCause.LIMIT
    ),
    _kakaopay("거래일로부터 1년이 지났습니다.", "sandbox", GatewayCause.LIMIT),
    _kakaopay(
        "거래일로부터 1년이 지난 카드 결제는 취소할 수 없습니다.", "sandbox", GatewayCause.LIMIT
    ),
    _kakaopay("취소 가능 기간이 지났습니다.", "sandbox", GatewayCause.LIMIT),
    _kakaopay("한도", "sandbox"),
    _kakaopay("한도 초과", "sandbox"),
    _kakaopay("취소 한도 초과", "sandbox"),
)

_PREPARE = (
    KnownRefusal(
        "결제정보 사전등록에 실패하였습니다(이미 등록된 merchant_uid입니다).",
        "seen: docs/portone.md; several clients on GitHub",
    ),
)

# The V1 schema documents the statuses of these: 400 for a bad parameter, 500 for the payment
# company's refusal, 501 for a company that issues none. "Issued already" (400) is not here: the
# next reading shows what was issued.
_NO_RECEIPTS = KnownRefusal("현금영수증을 지원하지 않는 PG사입니다.", "sandbox", status=501)
_RECEIPT = (
    _NO_RECEIPTS,
    KnownRefusal("channel_key: 존재하지 않는 채널입니다.", "sandbox", status=400),
    KnownRefusal("amount: 올바르지 않은 금액입니다.", "sandbox", status=400),
    KnownRefusal("현금영수증 발행에 실패하였습니다. 식별번호 오류", "sandbox", status=500),
    KnownRefusal(
        "현금영수증 발행에 실패하였습니다. 현금영수증 서비스 미계약", "sandbox", status=500
    ),
)
_RECEIPT_CANCEL = (
    _NO_RECEIPTS,
    KnownRefusal("현금영수증 취소에 실패하였습니다. 취소 가능 기간 경과", "sandbox", status=500),
)

REFUSALS: dict[Purpose, tuple[KnownRefusal, ...]] = {
    Purpose.CANCEL: _CANCEL,
    Purpose.PREPARE: _PREPARE,
    Purpose.RECEIPT: _RECEIPT,
    Purpose.RECEIPT_CANCEL: _RECEIPT_CANCEL,
}
"""Every refusal of a write that is believed."""

NOT_FOUND = ("존재하지 않는 결제정보입니다.",)
"""Answer to a read that finds nothing (seen: docs/portone.md, "Envelope": 404, code -1)."""

UNAUTHORIZED = ("Unauthorized",)
"""Answer to every call with a bad or expired token (seen: docs/portone.md, "Envelope": 401, code
-1)."""


def known_refusal(purpose: Purpose, text: str) -> KnownRefusal | None:
    """Return the listed refusal whose whole text is ``text``, as an answer to such a call."""
    return _LISTED[purpose].get(folded(text)) if purpose in _LISTED else None


def says_not_found(text: str) -> bool:
    """Return whether the whole ``text`` is the answer to a read that found nothing."""
    return folded(text) in _NOT_FOUND


def says_unauthorized(text: str) -> bool:
    """Return whether the whole ``text`` is PortOne's refusal of a token."""
    return folded(text) in _UNAUTHORIZED


def folded(text: str) -> str:
    """Return ``text`` normalised for comparison: composed, without case, blanks, punctuation and
    invisible characters. All letters and digits stay."""
    composed = unicodedata.normalize("NFC", text).casefold()
    return "".join(each for each in composed if unicodedata.category(each)[0] not in "CPZ")


_LISTED = {
    purpose: {folded(one.text): one for one in listed} for purpose, listed in REFUSALS.items()
}
_NOT_FOUND = frozenset(map(folded, NOT_FOUND))
_UNAUTHORIZED = frozenset(map(folded, UNAUTHORIZED))
