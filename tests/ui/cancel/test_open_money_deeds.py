"""A person's word on open money: asked for once more, carried out once, and told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from posapp.domain.errors import ErrorCode, GatewayCause, GatewayError, Outcome, UserError
from posapp.services.open_money import Decided, OpenRefund
from posapp.services.ports.outbox import MismatchKind
from posapp.ui.i18n import Texts
from posapp.ui.screens.open_money import OpenMoneyScreen
from posapp.ui.screens.order_parts.explanation import ExplanationQuestion
from posapp.ui.widgets.question import Question
from tests.ui.cancel.shop_records import (
    ITEMS,
    MISMATCH,
    NEEDS_PERSON,
    NOW,
    PAYMENT,
    FakeOpenMoney,
    open_refunds,
)

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def texts(qapp) -> Texts:
    return Texts("ko", now=lambda: NOW)


@pytest.fixture
def service() -> FakeOpenMoney:
    return FakeOpenMoney(open=open_refunds(), strange=(MISMATCH,))


@pytest.fixture
def screen(qtbot: QtBot, texts, theme, instant, service) -> OpenMoneyScreen:
    made = OpenMoneyScreen(texts, theme, instant)
    qtbot.addWidget(made)
    made.resize(1366, 670)
    made.show()
    qtbot.waitExposed(made)
    made.attach(service)
    return made


def choose(screen: OpenMoneyScreen, row: int) -> None:
    screen.sheet.view.setCurrentIndex(screen.model.index(row))


def activate(qtbot: QtBot, screen: QWidget) -> None:
    """Keys that press from anywhere do so only in the active window."""
    with qtbot.waitActive(screen):
        screen.activateWindow()


def question_of(qtbot: QtBot, screen: QWidget) -> Question:
    """The question that is up, once its deed can be pressed."""
    (question,) = [one for one in screen.findChildren(Question) if one.isVisible()]
    qtbot.waitUntil(question.yes.isEnabled)
    return question


@pytest.mark.parametrize("ours", [True, False])
@pytest.mark.parametrize(
    ("decided", "words"),
    [
        (Decided.CONFIRMED, "우리 환불로 확정했습니다."),
        (
            Decided.SENDS_AGAIN,
            "다른 곳에서 취소한 것으로 기록했습니다. 환불을 다시 진행합니다.",
        ),
        (
            Decided.REFUSED,
            "다른 곳에서 취소한 것으로 기록했습니다. 남은 금액이 모자라 이 환불은 끝냈습니다.",
        ),
        (
            Decided.TAGGED,
            "그 취소에 같은 상품의 환불 번호가 있어 돈을 더 보내지 않습니다. 이 환불은 끝냈습니다.",
        ),
        (Decided.READS_AGAIN, "지금은 고를 취소가 없습니다. 결제를 다시 확인합니다."),
    ],
)
def test_a_word_is_asked_for_once_more_and_its_outcome_is_told(
    qtbot, screen, service, ours, decided, words
):
    said, followed = [], []
    screen.told.connect(said.append)
    screen.sent.connect(followed.append)
    service.decided = decided
    whose = screen.sheet.detail.whose
    (whose.ours if ours else whose.not_ours).click()
    assert service.said == [], "nothing is done before the question is answered"
    question = question_of(qtbot, screen)
    assert "18,000원" in question.accessibleDescription()
    assert NEEDS_PERSON.tag in question.accessibleDescription()
    question.yes.click()
    assert service.said == [(9, ours)] and said == [words]
    assert followed == ([] if ours else [(9,)]), "what is sent again is followed to its end"


def test_enter_and_esc_are_the_safe_answer(qtbot, screen, service):
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        screen.sheet.detail.whose.ours.click()
        question = question_of(qtbot, screen)
        assert question.no.text() == "나중에"
        with qtbot.waitSignal(question.declined):
            qtbot.keyClick(question, key)
    assert service.said == []
    assert screen.sheet.detail.whose.ours.isEnabled()


def test_by_keys_alone(qtbot, screen, service):
    for key, ours in ((Qt.Key.Key_F2, True), (Qt.Key.Key_F3, False)):
        activate(qtbot, screen)
        screen.sheet.view.setFocus()
        qtbot.keyClick(screen.sheet.view, key)
        question = question_of(qtbot, screen)
        question.yes.setFocus()
        qtbot.keyClick(question, Qt.Key.Key_Return)
        assert service.said.pop() == (9, ours)
    activate(qtbot, screen)
    choose(screen, 1)
    qtbot.keyClick(screen.sheet.view, Qt.Key.Key_Return)
    assert screen.focusWidget() is screen.sheet.detail.close_button
    qtbot.keyClick(screen.sheet.view, Qt.Key.Key_F8)
    (question,) = [one for one in screen.findChildren(Question) if one.isVisible()]
    for typed in ("hana", "paid in cash", str(int(MISMATCH.amount))):
        qtbot.keyClicks(question.focusWidget(), typed)
        qtbot.keyClick(question.focusWidget(), Qt.Key.Key_Return)
        assert service.closed == [], "Enter in a field presses nothing"
    qtbot.waitUntil(question.yes.isEnabled)
    question.yes.setFocus()
    qtbot.keyClick(question, Qt.Key.Key_Return)
    assert [one[0] for one in service.closed] == [1]


def test_only_what_was_sent_and_needs_a_person_has_the_choice(screen, service):
    detail = screen.sheet.detail
    assert detail.whose.isVisible() and detail.again.isVisible()
    assert detail.close_button.isHidden()
    for row in (1, 2, 3):
        choose(screen, row)
        assert detail.whose.isHidden()
    never_sent = replace(NEEDS_PERSON, sends=0, sent_at=None, unclear_at=None)
    service.open = (OpenRefund(never_sent, PAYMENT, ITEMS[0]),)
    screen.refresh()
    choose(screen, 0)
    assert detail.whose.isHidden() and detail.again.isVisible()


def test_the_choices_are_named_for_readers_in_both_languages(screen, texts):
    whose = screen.sheet.detail.whose
    assert whose.ours.accessibleName() == "이 취소는 우리 환불입니다"
    assert whose.not_ours.accessibleName() == "우리 환불이 아닙니다"
    assert "다시 보내지 않습니다" in whose.ours.accessibleDescription()
    assert "환불번호 없이" in whose.why.text()
    assert screen.minimumSizeHint().width() <= 1024, "the smallest window"
    texts.set_language("en")
    assert whose.ours.accessibleName() == "It is our refund"


def test_while_a_word_is_carried_out_nothing_more_can_be_pressed(
    qtbot, texts, theme, held, service
):
    screen = OpenMoneyScreen(texts, theme, held)
    qtbot.addWidget(screen)
    screen.show()
    screen.attach(service)
    held.held.pop()()
    while held.held:
        held.held.pop()()
    detail = screen.sheet.detail
    detail.whose.ours.click()
    question_of(qtbot, screen).yes.click()
    assert len(held.held) == 1
    for button in (detail.whose.ours, detail.whose.not_ours, detail.again):
        assert not button.isEnabled()
    screen.try_again()
    assert len(held.held) == 1
    held.held.pop()()
    assert service.said == [(9, True)] and service.tried == []
    assert detail.again.isEnabled()


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (UserError(ErrorCode.REFUND_NOT_WAITING), "담당자의 확인을 기다리는 환불이 아닙니다"),
        (GatewayError(Outcome.RETRY_SAFE, GatewayCause.OFFLINE), "인터넷에 연결되어 있지"),
    ],
)
def test_a_word_that_could_not_be_carried_out_is_told(qtbot, screen, service, refusal, words):
    service.refusal = refusal
    screen.sheet.detail.whose.not_ours.click()
    question_of(qtbot, screen).yes.click()
    assert screen.sheet.banner.tone == "error" and words in screen.sheet.banner.words
    assert screen.sheet.detail.whose.not_ours.isEnabled()


def test_a_mismatch_that_was_looked_at_leaves_the_list(qtbot, screen, service):
    said, counts = [], []
    screen.told.connect(said.append)
    screen.counted.connect(lambda *count: counts.append(count))
    choose(screen, 1)
    screen.sheet.detail.close_button.click()
    (question,) = screen.findChildren(ExplanationQuestion)
    assert service.closed == []
    question._ripen()  # the moment in which a double click would still land
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
    question.yes.click()
    assert service.closed == [(MISMATCH.id, "person:하나", "현금으로 받았습니다", MISMATCH.amount)]
    assert said == ["확인을 마친 항목을 목록에서 지웠습니다."]
    assert counts[-1] == (3, 1)


def test_every_kind_of_mismatch_has_words_in_both_languages(texts):
    for language in ("ko", "en"):
        texts.set_language(language)
        assert all(texts.has(f"open_money.kind_{kind.value}") for kind in MismatchKind)
