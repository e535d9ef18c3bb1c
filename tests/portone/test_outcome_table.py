"""The table of outcomes: an example of every row, and that it is total."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.errors import GatewayCause, GatewayOutcome
from posapp.portone.outcome_table import (
    TABLE,
    UNLISTED,
    Api,
    CallKind,
    CallResult,
    Event,
    Shape,
    Verdict,
    classify,
    matching_rule,
)
from posapp.portone.refusals import REFUSALS, Purpose, folded
from tests.portone.unlisted import UNLISTED_TEXTS

R, W = CallKind.READ, CallKind.WRITE
CANCEL, PREPARE = Purpose.CANCEL, Purpose.PREPARE
SAFE, UNKNOWN, REFUSED, DONE = (
    GatewayOutcome.RETRY_SAFE,
    GatewayOutcome.UNKNOWN,
    GatewayOutcome.REFUSED,
    GatewayOutcome.CONFIRMED,
)
C = GatewayCause


def said(
    action: CallKind, code: int, message: str, status: int = 200, purpose: Purpose = CANCEL
) -> CallResult:
    return CallResult(
        action, status=status, shape=Shape.ENVELOPE, code=code, message=message, purpose=purpose
    )


def link(status: int, shape: Shape = Shape.OBJECT) -> CallResult:
    return CallResult(W, api=Api.LINK, status=status, shape=shape)


RECEIPT, REVOKE = Purpose.RECEIPT, Purpose.RECEIPT_CANCEL
LISTED, PREPARES = REFUSALS[CANCEL], REFUSALS[PREPARE]

EXAMPLES: dict[str, list[tuple[CallResult, GatewayOutcome, GatewayCause | None]]] = {
    "tls_failed": [(CallResult(W, Event.TLS_FAILED), SAFE, C.TLS)],
    "not_connected": [(CallResult(W, Event.NOT_CONNECTED), SAFE, C.OFFLINE)],
    "not_sent": [(CallResult(W, Event.NOT_SENT), SAFE, C.TIMEOUT)],
    "timed_out": [
        (CallResult(W, Event.TIMED_OUT), UNKNOWN, C.TIMEOUT),
        (CallResult(R, Event.TIMED_OUT), UNKNOWN, C.TIMEOUT),
    ],
    "connection_lost": [(CallResult(W, Event.CONNECTION_LOST), UNKNOWN, C.OFFLINE)],
    "too_large": [(CallResult(W, Event.TOO_LARGE, status=200), UNKNOWN, C.GARBAGE)],
    "unforeseen": [(CallResult(W, Event.UNFORESEEN), UNKNOWN, C.GARBAGE)],
    "unauthorized": [
        (said(W, -1, "Unauthorized", 401), SAFE, C.UNAUTHORIZED),
        (said(W, -1, " unauthorized. ", 401, Purpose.PREPARE), SAFE, C.UNAUTHORIZED),
        (said(R, -1, "Unauthorized", 401), SAFE, C.UNAUTHORIZED),
        (link(401), SAFE, C.UNAUTHORIZED),
    ],
    "unlisted_401": [
        (said(W, -1, "일시적인 오류", 401), UNKNOWN, C.UNAUTHORIZED),
        (said(W, -1, "Unauthorized: try again", 401), UNKNOWN, C.UNAUTHORIZED),
        (said(W, -1, "", 401), UNKNOWN, C.UNAUTHORIZED),
        (said(W, 0, "Unauthorized", 401), UNKNOWN, C.UNAUTHORIZED),
        (said(W, 1, "Unauthorized", 401), UNKNOWN, C.UNAUTHORIZED),
        (said(W, -1, "일시적인 오류", 401, PREPARE), UNKNOWN, C.UNAUTHORIZED),
        (
            replace(said(W, -1, "Unauthorized", 401), shape=Shape.OBJECT),
            UNKNOWN,
            C.UNAUTHORIZED,
        ),
        (CallResult(W, status=401, shape=Shape.HTML), UNKNOWN, C.UNAUTHORIZED),
        (CallResult(W, status=401, shape=Shape.EMPTY), UNKNOWN, C.UNAUTHORIZED),
        (CallResult(R, status=401, shape=Shape.HTML), SAFE, C.UNAUTHORIZED),
        (said(R, -1, "일시적인 오류", 401), SAFE, C.UNAUTHORIZED),
    ],
    "too_many": [(CallResult(W, status=429), SAFE, C.BUSY)],
    "receipt_refused": [
        (said(W, -1, one.text, one.status, purpose), REFUSED, C.REFUSED)
        for purpose in (RECEIPT, REVOKE)
        for one in REFUSALS[purpose]
    ],
    "busy": [(CallResult(W, status=503), UNKNOWN, C.BUSY)],
    "portal_511": [
        (CallResult(R, status=511, shape=Shape.HTML), SAFE, C.PORTAL),
        (CallResult(W, status=511, shape=Shape.HTML), UNKNOWN, C.PORTAL),
    ],
    "server": [
        (CallResult(W, status=500), UNKNOWN, C.SERVER),
        (said(W, -1, "PG_PROVIDER", 502), UNKNOWN, C.SERVER),
        (said(W, 0, "", 500), UNKNOWN, C.SERVER),
    ],
    "redirect": [
        (CallResult(R, status=302), SAFE, C.PORTAL),
        (CallResult(W, status=307), UNKNOWN, C.PORTAL),
    ],
    "html": [
        (CallResult(R, status=200, shape=Shape.HTML), SAFE, C.PORTAL),
        (CallResult(W, status=200, shape=Shape.HTML), UNKNOWN, C.PORTAL),
    ],
    "no_receipt": [
        (
            said(R, -1, "발행내역이 존재하지 않습니다.", 404, RECEIPT),
            REFUSED,
            C.NOT_FOUND,
        ),
        (said(R, 1, "whatever it says", 404, RECEIPT), REFUSED, C.NOT_FOUND),
    ],
    "not_found": [
        (said(R, -1, "존재하지 않는 결제정보입니다.", 404), REFUSED, C.NOT_FOUND),
        (said(R, 1, "존재하지 않는 결제정보입니다"), REFUSED, C.NOT_FOUND),
    ],
    "read_refused": [
        (said(R, -1, "page", 400), REFUSED, C.REFUSED),
        (said(R, -1, "Not Found", 404), REFUSED, C.REFUSED),
        (said(R, -1, "존재하지 않는 결제정보입니다. 잠시 후 다시", 404), REFUSED, C.REFUSED),
        (said(R, 7, "무언가 새로운 말"), REFUSED, C.REFUSED),
    ],
    "link_not_found": [(link(404), REFUSED, C.NOT_FOUND)],
    "link_refused": [(link(400), REFUSED, C.REFUSED), (link(422), REFUSED, C.REFUSED)],
    "link_done": [(link(200), DONE, None), (link(201), DONE, None)],
    "partial_refused": [
        (said(W, -1, one.text), REFUSED, C.PARTIAL) for one in LISTED if one.cause is C.PARTIAL
    ],
    "balance_refused": [
        *((said(W, 1, one.text), REFUSED, C.BALANCE) for one in LISTED if one.cause is C.BALANCE),
        (said(W, -1, "  이미 전액취소된\n주문입니다"), REFUSED, C.BALANCE),
        (
            said(W, -1, unicodedata.normalize("NFD", "이미 전액취소된 주문입니다.")),
            REFUSED,
            C.BALANCE,
        ),
    ],
    "limit_refused": [
        (said(W, 1, one.text), REFUSED, C.LIMIT) for one in LISTED if one.cause is C.LIMIT
    ],
    "refused": [
        *((said(W, 1, one.text), REFUSED, C.REFUSED) for one in LISTED if one.cause is C.REFUSED),
        *((said(W, 1, one.text, purpose=PREPARE), REFUSED, C.REFUSED) for one in PREPARES),
    ],
    "unlisted_no": [(said(W, -1, text), UNKNOWN, C.SERVER) for text in UNLISTED_TEXTS],
    "done": [(said(W, 0, ""), DONE, None), (said(R, 0, ""), DONE, None)],
}


@pytest.mark.parametrize("row", [row.name for row in TABLE])
def test_every_row_has_an_example_that_it_answers(row: str) -> None:
    for result, outcome, cause in EXAMPLES[row]:
        found = matching_rule(result)
        assert found is not None
        assert found.name == row
        assert classify(result) == Verdict(outcome, cause)


@pytest.mark.parametrize(
    "result",
    [
        CallResult(W, status=200, shape=Shape.OBJECT),
        CallResult(W, status=200, shape=Shape.BROKEN),
        CallResult(W, status=200, shape=Shape.OTHER),
        CallResult(W, status=200, shape=Shape.EMPTY),
        CallResult(W, status=201, shape=Shape.ENVELOPE, code=0),
        CallResult(W, status=204, shape=Shape.EMPTY),
        CallResult(W, status=404, shape=Shape.HTML),
        CallResult(W, status=404, shape=Shape.OBJECT),
        CallResult(W, status=409, shape=Shape.ENVELOPE, code=1),
        CallResult(W, status=404, shape=Shape.ENVELOPE, code=0),
        CallResult(W, status=100),
        link(200, Shape.EMPTY),
    ],
)
def test_unlisted_answer_is_unknown(result: CallResult) -> None:
    assert matching_rule(result) is None
    assert classify(result) == UNLISTED


happenings = st.builds(
    CallResult,
    kind=st.sampled_from(CallKind),
    event=st.sampled_from(Event),
    api=st.sampled_from(Api),
    status=st.integers(0, 999) | st.sampled_from((200, 400, 401, 404, 500, 501)),
    shape=st.sampled_from(Shape),
    code=st.none() | st.sampled_from((-1, 0)) | st.integers(),
    message=st.text()
    | st.sampled_from(["Unauthorized", *(one.text for each in REFUSALS.values() for one in each)]),
    purpose=st.sampled_from(Purpose),
)


@given(happenings)
def test_table_always_answers_and_never_guesses_success(result: CallResult) -> None:
    judgement = classify(result)
    assert (judgement.outcome is DONE) == (judgement.cause is None)
    if judgement.outcome is DONE:
        assert result.event is Event.ANSWERED
        assert result.status in (200, 201)
        assert result.shape in (Shape.ENVELOPE, Shape.OBJECT)
        assert result.code in (0, None) or result.api is Api.LINK


@given(happenings)
def test_a_write_is_never_called_safe_when_something_may_have_arrived(result: CallResult) -> None:
    if result.kind is W and classify(result).outcome is SAFE:
        unsent = result.event in (Event.TLS_FAILED, Event.NOT_CONNECTED, Event.NOT_SENT)
        assert unsent or result.status == 429 or is_refused_token(result)


def is_refused_token(result: CallResult) -> bool:
    own = result.shape is Shape.ENVELOPE and result.code == -1
    said_so = own and folded(result.message) == "unauthorized"
    return result.status == 401 and (said_so or result.api is Api.LINK)


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 500])
@pytest.mark.parametrize("one", LISTED, ids=lambda one: one.text)
def test_a_listed_text_under_another_status_is_not_the_listed_answer(one, status):
    assert classify(said(W, 1, one.text, status)).outcome is UNKNOWN


@pytest.mark.parametrize("status", [200, 400, 403, 404, 409, 422, 500, 501, 502, 503])
@pytest.mark.parametrize("purpose", [RECEIPT, REVOKE])
def test_a_receipt_is_refused_under_its_documented_status_only(purpose, status):
    for one in REFUSALS[purpose]:
        refused = classify(said(W, -1, one.text, status, purpose)).outcome is REFUSED
        assert refused == (status == one.status)
        assert classify(said(W, 0, one.text, status, purpose)).outcome is not REFUSED
        assert classify(said(W, -1, one.text + "!!", status, CANCEL)).outcome is UNKNOWN


@pytest.mark.parametrize("text", [*UNLISTED_TEXTS, "이미 현금영수증이 발행된 merchant_uid입니다."])
@pytest.mark.parametrize("status", [200, 400, 500, 501])
def test_what_is_not_listed_of_a_receipt_is_unknown(text, status):
    assert classify(said(W, -1, text, status, RECEIPT)).outcome is UNKNOWN


@pytest.mark.parametrize("one", LISTED, ids=lambda one: one.text)
def test_a_text_is_listed_for_its_own_call_only(one):
    for purpose in (PREPARE, Purpose.OTHER):
        assert classify(said(W, 1, one.text, purpose=purpose)).outcome is UNKNOWN


@given(st.sampled_from(LISTED), st.text(), st.text())
def test_listed_text_with_additions_is_unlisted(one, before, behind):
    listed = {folded(each.text) for each in LISTED}
    reported = f"{before}{one.text}{behind}"
    refused = classify(said(W, -1, reported)).outcome is REFUSED
    assert refused == (folded(reported) in listed)


@given(happenings)
def test_a_write_is_refused_by_the_white_list_or_by_the_link_service_only(result: CallResult):
    if result.kind is W and classify(result).outcome is REFUSED and result.api is Api.REST:
        assert (folded(result.message), result.status) in {
            (folded(one.text), one.status) for one in REFUSALS.get(result.purpose, ())
        }
