"""The table of outcomes: an example of every row, and that it is total."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.errors import GatewayCause, Outcome
from posapp.portone.outcomes import (
    TABLE,
    UNLISTED,
    Api,
    Deed,
    Event,
    Happened,
    Judgement,
    Shape,
    judge,
    row_of,
)
from posapp.portone.refusals import REFUSALS, Purpose, folded
from tests.portone.unlisted import UNLISTED_TEXTS

R, W = Deed.READ, Deed.WRITE
CANCEL, PREPARE = Purpose.CANCEL, Purpose.PREPARE
SAFE, UNKNOWN, REFUSED, DONE = (
    Outcome.RETRY_SAFE,
    Outcome.UNKNOWN,
    Outcome.REFUSED,
    Outcome.CONFIRMED,
)
C = GatewayCause


def said(
    deed: Deed, code: int, message: str, status: int = 200, purpose: Purpose = CANCEL
) -> Happened:
    return Happened(
        deed, status=status, shape=Shape.ENVELOPE, code=code, message=message, purpose=purpose
    )


def link(status: int, shape: Shape = Shape.OBJECT) -> Happened:
    return Happened(W, api=Api.LINK, status=status, shape=shape)


LISTED, PREPARES = REFUSALS[CANCEL], REFUSALS[PREPARE]

EXAMPLES: dict[str, list[tuple[Happened, Outcome, GatewayCause | None]]] = {
    "tls_failed": [(Happened(W, Event.TLS_FAILED), SAFE, C.TLS)],
    "not_connected": [(Happened(W, Event.NOT_CONNECTED), SAFE, C.OFFLINE)],
    "not_sent": [(Happened(W, Event.NOT_SENT), SAFE, C.TIMEOUT)],
    "timed_out": [
        (Happened(W, Event.TIMED_OUT), UNKNOWN, C.TIMEOUT),
        (Happened(R, Event.TIMED_OUT), UNKNOWN, C.TIMEOUT),
    ],
    "connection_lost": [(Happened(W, Event.CONNECTION_LOST), UNKNOWN, C.OFFLINE)],
    "too_large": [(Happened(W, Event.TOO_LARGE, status=200), UNKNOWN, C.GARBAGE)],
    "unforeseen": [(Happened(W, Event.UNFORESEEN), UNKNOWN, C.GARBAGE)],
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
        (Happened(W, status=401, shape=Shape.HTML), UNKNOWN, C.UNAUTHORIZED),
        (Happened(W, status=401, shape=Shape.EMPTY), UNKNOWN, C.UNAUTHORIZED),
        (Happened(R, status=401, shape=Shape.HTML), SAFE, C.UNAUTHORIZED),
        (said(R, -1, "일시적인 오류", 401), SAFE, C.UNAUTHORIZED),
    ],
    "too_many": [(Happened(W, status=429), SAFE, C.BUSY)],
    "busy": [(Happened(W, status=503), UNKNOWN, C.BUSY)],
    "portal_511": [
        (Happened(R, status=511, shape=Shape.HTML), SAFE, C.PORTAL),
        (Happened(W, status=511, shape=Shape.HTML), UNKNOWN, C.PORTAL),
    ],
    "server": [
        (Happened(W, status=500), UNKNOWN, C.SERVER),
        (said(W, -1, "PG_PROVIDER", 502), UNKNOWN, C.SERVER),
        (said(W, 0, "", 500), UNKNOWN, C.SERVER),
    ],
    "redirect": [
        (Happened(R, status=302), SAFE, C.PORTAL),
        (Happened(W, status=307), UNKNOWN, C.PORTAL),
    ],
    "html": [
        (Happened(R, status=200, shape=Shape.HTML), SAFE, C.PORTAL),
        (Happened(W, status=200, shape=Shape.HTML), UNKNOWN, C.PORTAL),
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
    "refused": [
        *((said(W, 1, one.text), REFUSED, C.REFUSED) for one in LISTED if one.cause is C.REFUSED),
        *((said(W, 1, one.text, purpose=PREPARE), REFUSED, C.REFUSED) for one in PREPARES),
    ],
    "unlisted_no": [(said(W, -1, text), UNKNOWN, C.SERVER) for text in UNLISTED_TEXTS],
    "done": [(said(W, 0, ""), DONE, None), (said(R, 0, ""), DONE, None)],
}


@pytest.mark.parametrize("row", [row.name for row in TABLE])
def test_every_row_has_an_example_that_it_answers(row: str) -> None:
    for happened, outcome, cause in EXAMPLES[row]:
        found = row_of(happened)
        assert found is not None
        assert found.name == row
        assert judge(happened) == Judgement(outcome, cause)


@pytest.mark.parametrize(
    "happened",
    [
        Happened(W, status=200, shape=Shape.OBJECT),
        Happened(W, status=200, shape=Shape.BROKEN),
        Happened(W, status=200, shape=Shape.OTHER),
        Happened(W, status=200, shape=Shape.EMPTY),
        Happened(W, status=201, shape=Shape.ENVELOPE, code=0),
        Happened(W, status=204, shape=Shape.EMPTY),
        Happened(W, status=404, shape=Shape.HTML),
        Happened(W, status=404, shape=Shape.OBJECT),
        Happened(W, status=409, shape=Shape.ENVELOPE, code=1),
        Happened(W, status=404, shape=Shape.ENVELOPE, code=0),
        Happened(W, status=100),
        link(200, Shape.EMPTY),
    ],
)
def test_what_is_on_no_row_is_unknown(happened: Happened) -> None:
    assert row_of(happened) is None
    assert judge(happened) == UNLISTED


happenings = st.builds(
    Happened,
    deed=st.sampled_from(Deed),
    event=st.sampled_from(Event),
    api=st.sampled_from(Api),
    status=st.integers(0, 999) | st.sampled_from((200, 401)),
    shape=st.sampled_from(Shape),
    code=st.none() | st.sampled_from((-1, 0)) | st.integers(),
    message=st.text()
    | st.sampled_from(["Unauthorized", *(one.text for one in (*LISTED, *PREPARES))]),
    purpose=st.sampled_from(Purpose),
)


@given(happenings)
def test_it_always_answers_and_a_yes_is_never_guessed(happened: Happened) -> None:
    judgement = judge(happened)
    assert (judgement.outcome is DONE) == (judgement.cause is None)
    if judgement.outcome is DONE:
        assert happened.event is Event.ANSWERED
        assert happened.status in (200, 201)
        assert happened.shape in (Shape.ENVELOPE, Shape.OBJECT)
        assert happened.code in (0, None) or happened.api is Api.LINK


@given(happenings)
def test_a_write_is_never_called_safe_when_something_may_have_arrived(happened: Happened) -> None:
    if happened.deed is W and judge(happened).outcome is SAFE:
        unsent = happened.event in (Event.TLS_FAILED, Event.NOT_CONNECTED, Event.NOT_SENT)
        assert unsent or happened.status == 429 or is_refused_token(happened)


def is_refused_token(happened: Happened) -> bool:
    own = happened.shape is Shape.ENVELOPE and happened.code == -1
    said_so = own and folded(happened.message) == "unauthorized"
    return happened.status == 401 and (said_so or happened.api is Api.LINK)


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 500])
@pytest.mark.parametrize("one", LISTED, ids=lambda one: one.text)
def test_a_listed_text_under_another_status_is_not_the_listed_answer(one, status):
    assert judge(said(W, 1, one.text, status)).outcome is UNKNOWN


@pytest.mark.parametrize("one", LISTED, ids=lambda one: one.text)
def test_a_text_is_listed_for_its_own_call_only(one):
    for purpose in (PREPARE, Purpose.OTHER):
        assert judge(said(W, 1, one.text, purpose=purpose)).outcome is UNKNOWN


@given(st.sampled_from(LISTED), st.text(), st.text())
def test_a_listed_text_with_anything_beside_it_is_another_text(one, before, behind):
    listed = {folded(each.text) for each in LISTED}
    told = f"{before}{one.text}{behind}"
    refused = judge(said(W, -1, told)).outcome is REFUSED
    assert refused == (folded(told) in listed)


@given(happenings)
def test_a_write_is_refused_by_the_white_list_or_by_the_link_service_only(happened: Happened):
    if happened.deed is W and judge(happened).outcome is REFUSED and happened.api is Api.REST:
        assert happened.status == 200
        assert folded(happened.message) in {
            folded(one.text) for one in REFUSALS.get(happened.purpose, ())
        }
