"""Decisions about open money: confirmed once more, carried out once, and reported."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, GatewayCause, GatewayError, GatewayOutcome, UserError
from posapp.services.ports.outbox import MismatchKind
from posapp.services.refunds.unresolved_money import AssignmentResult, UnresolvedRefund
from posapp.ui.shell.routes import OPEN_MONEY
from posapp.ui.unresolved.explanation_dialog import ExplanationDialog
from posapp.ui.unresolved.unresolved_screen import UnresolvedScreen
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from tests.ui.cancel.shop_records import (
    ITEMS,
    MISMATCH,
    NEEDS_REVIEW,
    PAYMENT,
    FakeOpenMoney,
    open_refunds,
)
from tests.ui.cancel.test_unresolved_screen import choose, press, question_of, window_of


@pytest.fixture
def service() -> FakeOpenMoney:
    return FakeOpenMoney(open=open_refunds(), strange=(MISMATCH,))


@pytest.fixture
def screen(qtbot: QtBot, theme, instant, service) -> UnresolvedScreen:
    return window_of(qtbot, theme, instant, service).screen_named(OPEN_MONEY)


@pytest.mark.parametrize("ours", [True, False])
@pytest.mark.parametrize(
    ("decided", "text"),
    [
        (AssignmentResult.CONFIRMED, "우리 환불로 확정했습니다."),
        (
            AssignmentResult.SENDS_AGAIN,
            "다른 곳에서 취소한 것으로 기록했습니다. 환불을 다시 진행합니다.",
        ),
        (
            AssignmentResult.REFUSED,
            "다른 곳에서 취소한 것으로 기록했습니다. 남은 금액이 부족해 이 환불은 종료했습니다.",
        ),
        (
            AssignmentResult.TAGGED,
            "그 취소에 같은 상품의 환불번호가 있어 더 환불하지 않습니다. 이 환불은 종료했습니다.",
        ),
        (AssignmentResult.READS_AGAIN, "지금은 선택할 취소가 없습니다. 결제를 다시 조회합니다."),
    ],
)
def test_a_decision_is_confirmed_once_more_and_its_outcome_is_reported(
    qtbot, screen, service, ours, decided, text
):
    said, followed = [], []
    screen.notified.connect(said.append)
    screen.sent.connect(followed.append)
    service.decided = decided
    (screen.ours if ours else screen.not_ours).click()
    assert service.said == [], "nothing is done before the question is answered"
    question = question_of(qtbot, screen)
    assert "18,000원" in question.accessibleDescription()
    assert NEEDS_REVIEW.tag in question.accessibleDescription()
    question.yes.click()
    assert service.said == [(9, ours)] and said == [text]
    assert followed == ([] if ours else [(9,)]), "what is sent again is followed to its end"


def test_enter_and_esc_are_the_safe_answer(qtbot, screen, service):
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        screen.ours.click()
        question = question_of(qtbot, screen)
        assert question.no.text() == "닫기"
        with qtbot.waitSignal(question.declined):
            qtbot.keyClick(question, key)
    assert service.said == []
    assert screen.ours.isEnabled()


def test_by_keys_alone(qtbot, screen, service):
    for key, ours in ((Qt.Key.Key_F7, True), (None, False)):
        screen.view.list.setFocus()
        if key is None:  # no key of its own: Tab and Space
            screen.not_ours.setFocus()
            press(qtbot, screen, Qt.Key.Key_Space)
        else:
            press(qtbot, screen, key)
        question = question_of(qtbot, screen)
        assert question.yes.key == (QKeySequence(key).toString() if key else "F8")
        qtbot.keyClick(question, key or Qt.Key.Key_F8)
        assert service.said.pop() == (9, ours)
    choose(screen, 1)
    screen.view.list.setFocus()
    press(qtbot, screen, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is screen.explain
    press(qtbot, screen, Qt.Key.Key_Return)
    (question,) = [one for one in screen.findChildren(ConfirmDialog) if one.isVisible()]
    for typed in ("hana", "paid in cash", str(int(MISMATCH.amount))):
        qtbot.keyClicks(question.focusWidget(), typed)
        qtbot.keyClick(question.focusWidget(), Qt.Key.Key_Return)
        assert service.closed == [], "Enter in a field presses nothing"
    qtbot.waitUntil(question.can_agree)
    question.yes.setFocus()
    qtbot.keyClick(question, Qt.Key.Key_Return)
    assert [one[0] for one in service.closed] == [1]


def test_only_sent_refunds_in_review_offer_the_choice(screen, service):
    assert screen.ours.isVisible() and screen.not_ours.isVisible() and screen.send.isVisible()
    assert screen.explain.isHidden() and "환불번호 없이" in screen.view.detail.note.text()
    for row in (1, 2, 3):
        choose(screen, row)
        assert screen.ours.isHidden() and screen.not_ours.isHidden()
        assert screen.view.detail.note.isHidden()
    never_sent = replace(NEEDS_REVIEW, send_count=0, sent_at=None, last_unknown_at=None)
    service.open = (UnresolvedRefund(never_sent, PAYMENT, ITEMS[0]),)
    screen.refresh()
    choose(screen, 0)
    assert screen.ours.isHidden() and screen.send.isVisible()


def test_the_choices_are_named_for_readers_in_both_languages(screen):
    assert screen.ours.accessibleName() == "우리 환불로 확정"
    assert screen.not_ours.accessibleName() == "우리 환불이 아님"
    assert "다시 보내지 않습니다" in screen.ours.accessibleDescription()
    assert "한 번 더 환불됩니다" in screen.not_ours.accessibleDescription()
    assert screen.minimumSizeHint().width() <= 1024, "the smallest window"
    screen._texts.set_language("en")
    assert screen.ours.accessibleName() == "Confirm as our refund"


def test_while_a_decision_is_carried_out_nothing_more_can_be_pressed(qtbot, theme, held, service):
    screen = window_of(qtbot, theme, held, service).screen_named(OPEN_MONEY)
    while held.held:
        held.held.pop()()
    screen.ours.click()
    question_of(qtbot, screen).yes.click()
    assert len(held.held) == 1
    for button in (screen.ours, screen.not_ours, screen.send):
        assert not button.isEnabled()
        button.click()
    assert len(held.held) == 1
    held.held.pop()()
    assert service.said == [(9, True)] and service.tried == []
    assert screen.send.isEnabled()


@pytest.mark.parametrize(
    ("refusal", "text"),
    [
        (UserError(ErrorCode.REFUND_NOT_WAITING), "담당자의 확인을 기다리는 환불이 아닙니다"),
        (GatewayError(GatewayOutcome.RETRY_SAFE, GatewayCause.OFFLINE), "인터넷 연결이 끊겼습니다"),
    ],
)
def test_a_decision_that_could_not_be_carried_out_is_reported(
    qtbot, screen, service, refusal, text
):
    service.refusal = refusal
    screen.not_ours.click()
    question = question_of(qtbot, screen)
    question.yes.click()
    assert question.isVisible() and text in question.notice.text()
    assert screen.view.banner.isHidden()
    question.no.click()
    assert screen.not_ours.isEnabled()


def test_a_mismatch_that_was_read_leaves_the_list(qtbot, screen, service):
    said = []
    screen.notified.connect(said.append)
    choose(screen, 1)
    screen.explain.click()
    (question,) = screen.findChildren(ExplanationDialog)
    assert service.closed == []
    for who, why, won, may in (
        ("하나", "현금으로 받았습니다", "", False),
        ("하나", "", "33000", False),
        (" ", "현금으로 받았습니다", "33000", False),
        ("하나", "현금으로 받았습니다", "32999", False),
        ("하나", "현금으로 받았습니다", "３３０００", False),
        ("하나", "현금으로 받았습니다", "33,000원", True),
    ):
        question.who.setText(who)
        question.why.setText(why)
        question.won.setText(won)
        assert question.yes.isEnabled() == may, (who, why, won)
        qtbot.keyClick(question, Qt.Key.Key_F7)
        assert service.closed == [], "F7 means something else"
    qtbot.waitUntil(question.can_agree)
    question.yes.click()
    assert service.closed == [
        (MISMATCH.id, Actor.person("하나"), "현금으로 받았습니다", MISMATCH.amount)
    ]
    assert said == ["확인 완료한 항목을 목록에서 지웠습니다."]
    assert screen.subtitle == "3건 · 확인 필요 1건"


def test_every_kind_of_mismatch_has_text_in_both_languages(texts):
    for language in ("ko", "en"):
        texts.set_language(language)
        assert all(texts.has(f"open_money.kind_{kind.value}") for kind in MismatchKind)
