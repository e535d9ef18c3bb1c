"""A buyer's own requests."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.requests import ClosedBy, Request, RequestKind, RequestState
from posapp.ui.home.cards import REQUESTS_CARD
from posapp.ui.requests.buyer_request_screen import BuyerRequestScreen
from posapp.ui.widgets.action_card import ActionCard
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from tests.ui.requests.desk_records import NOW, SELLER

KEY = Qt.Key


def request(number: int, **more: Any) -> Request:
    made = Request(
        id=number,
        kind=RequestKind.REFUND,
        state=RequestState.WAIT,
        seller_id=SELLER.id,
        buyer_id=12,
        item_id=2000 + number,
        order_id=1024,
        reason="단순 변심",
        created_at=NOW,
    )
    return replace(made, **more)


@dataclass
class FakeRequesting:
    requests: list[Request] = field(default_factory=list)
    refusal: Exception | None = None
    unknown: Exception | None = None
    calls: list[tuple[Any, ...]] = field(default_factory=list)

    def of_buyer(self, actor: Actor) -> tuple[Request, ...]:
        if self.unknown is not None:
            raise self.unknown
        return tuple(self.requests)

    def create(self, actor: Actor, item_id: int, kind: RequestKind, reason: str) -> Request:
        self.calls.append(("make", actor, item_id, kind, reason))
        if self.refusal is not None:
            raise self.refusal
        made = request(len(self.requests) + 1, item_id=item_id, kind=kind, reason=reason)
        self.requests.insert(0, made)
        return made

    def withdraw(self, actor: Actor, item_id: int) -> Request:
        self.calls.append(("withdraw", actor, item_id))
        if self.refusal is not None:
            raise self.refusal
        at = next(at for at, one in enumerate(self.requests) if one.item_id == item_id)
        self.requests[at] = replace(
            self.requests[at],
            state=RequestState.CANCEL,
            ended_by=ClosedBy.BUYER,
            processed_at=NOW,
        )
        return self.requests[at]


def press(widget, key: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    QTest.keyClick(focused if focused is not None else widget, key)
    QApplication.processEvents()


@pytest.fixture
def service() -> FakeRequesting:
    return FakeRequesting()


@pytest.fixture
def buyer(qtbot, texts, theme, instant, service) -> BuyerRequestScreen:
    screen = BuyerRequestScreen(texts, theme, instant, service)
    qtbot.addWidget(screen)
    screen.resize(1366, 700)
    screen.show()
    screen.activateWindow()
    qtbot.waitExposed(screen)
    screen.open(Actor.buyer(12), 2048)
    return screen


def test_a_request_is_made_by_keyboard(buyer, service) -> None:
    assert buyer.subtitle == "구매자 12"
    assert buyer.form.reason.hasFocus()
    assert not buyer.form.button.isEnabled()
    buyer.form.reason.setText("배송 중에 파손되었어요")
    press(buyer, KEY.Key_Return)
    assert service.calls == [
        ("make", Actor.buyer(12), 2048, RequestKind.REFUND, "배송 중에 파손되었어요")
    ]
    assert buyer.banner.message == "교환/환불 신청이 전송되었습니다."
    assert [card.request.item_id for card in buyer.cards] == [2048]


def test_a_request_without_a_reason_is_not_sent(buyer, service) -> None:
    buyer.form.reason.setText("   ")
    press(buyer, KEY.Key_Return)
    assert service.calls == []


@pytest.mark.parametrize(
    "code",
    [
        ErrorCode.ITEM_OF_ANOTHER,
        ErrorCode.REQUEST_ITEM_STATE,
        ErrorCode.REQUEST_SENT,
        ErrorCode.REQUEST_REFUND_WAITING,
        ErrorCode.REQUEST_EXCHANGE_WAITING,
    ],
)
def test_refusal_is_reported_and_typed_text_stays(buyer, service, texts, code) -> None:
    service.refusal = UserError(code)
    buyer.form.kind.segments[1].click()
    buyer.form.choices[1].click()
    buyer.form.button.click()
    assert service.calls[0][3:] == (RequestKind.EXCHANGE, "상품 파손")
    assert buyer.banner.message == texts.error(UserError(code))
    assert buyer.form.reason.text() == "상품 파손"
    assert buyer.form.button.isEnabled()


def test_a_waiting_request_is_withdrawn_after_a_question(buyer, service, qtbot) -> None:
    service.requests = [request(1), request(2, state=RequestState.OK, processed_at=NOW)]
    buyer.open(Actor.buyer(12))
    card, other = buyer.cards
    assert not other.withdraw.isVisible()
    card.withdraw.click()
    question = buyer.findChild(ConfirmDialog)
    assert service.calls == []
    qtbot.waitUntil(question.can_agree)
    question.yes.click()
    assert service.calls == [("withdraw", Actor.buyer(12), 2001)]
    assert buyer.banner.message == "요청이 성공적으로 취소되었습니다."
    assert not any(one.withdraw.isVisible() for one in buyer.cards)


def test_a_withdrawal_that_was_too_late_is_reported(buyer, service, texts) -> None:
    service.requests = [request(1)]
    buyer.open(Actor.buyer(12))
    service.refusal = UserError(ErrorCode.REQUEST_NONE_WAITING)
    buyer._withdraw(2001)
    assert buyer.banner.message == "대기중인 교환/환불 신청을 찾지 못했습니다."


def test_an_unknown_buyer_is_reported_and_nothing_can_be_sent(buyer, service, qtbot) -> None:
    service.unknown = UserError(ErrorCode.USER_UNKNOWN)
    buyer.open(Actor.buyer(99), 2048)
    assert buyer.banner.message == "가입되지 않은 회원입니다."
    assert not buyer.form.isEnabled()
    with qtbot.waitSignal(buyer.home_requested):
        buyer.banner.acted.emit()


def test_a_sellers_note_reaches_the_buyer_as_plain_text(buyer, service) -> None:
    note = "<b>사용 흔적</b>"
    service.requests = [
        request(1, state=RequestState.CANCEL, ended_by=ClosedBy.SELLER, processed_at=NOW, note=note)
    ]
    buyer.open(Actor.buyer(12))
    assert note in buyer.cards[0].accessibleName()
    assert "거부" in buyer.cards[0].accessibleName()


def test_the_answer_for_the_buyer_before_is_not_shown_to_the_next(
    qtbot, texts, theme, held, service
) -> None:
    screen = BuyerRequestScreen(texts, theme, held, service)
    qtbot.addWidget(screen)
    screen.open(Actor.buyer(12), 2048)
    screen.form.reason.setText("사유")
    screen.form.sent.emit()
    sending = held.held[-1]
    screen.open(Actor.buyer(13), 2049)
    with qtbot.waitSignal(screen.item_changed):
        sending()
    assert screen.banner.message == ""
    assert screen.form.reason.text() == ""


@pytest.mark.parametrize("plan", [REQUESTS_CARD])
def test_home_card_submits_its_numbers_and_has_a_title(qtbot, texts, plan) -> None:
    card = ActionCard(plan, texts)
    qtbot.addWidget(card)
    assert not card.button.isEnabled()
    for field_of_card in card.fields:
        field_of_card.set_value(7)
    with qtbot.waitSignal(card.submitted) as reported:
        card.button.click()
    assert reported.args == [(7,) * len(plan.fields)]
    assert texts.has(f"{plan.text_id}_title")
