"""The cancel screen, driven by keys and clicks; the test sets the answers of the services."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from posapp.domain.actors import Actor
from posapp.domain.cancellation import MAX_REASON_LENGTH
from posapp.domain.errors import (
    EnvironmentCode,
    EnvironmentProblem,
    ErrorCode,
    UserError,
)
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundState
from posapp.domain.users import LARGEST_ID
from posapp.services.refunds.cancel_item import RefundWithItem
from posapp.ui.cancellation import result_panel
from posapp.ui.cancellation.cancel_screen import CancelScreen
from posapp.ui.cancellation.cancel_target import CancelStep
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import InlineTaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.widgets import action_guard, reason_field
from posapp.ui.widgets.confirm_dialog import WIDTH
from posapp.ui.widgets.reason_field import ReasonField
from tests.ui.cancel.shop_records import (
    ITEMS,
    NEEDS_REVIEW,
    FakeCancelling,
    FakeRest,
    item,
    refund,
    summary,
)
from tests.ui.conftest import HeldRunner

UNPAID = item(status=ItemStatus.WAITING_FOR_PAYMENT)
GONE = replace(ITEMS[0], status=ItemStatus.CANCEL)
S = ItemStatus
R = RefundState


@pytest.fixture
def service() -> FakeCancelling:
    kept = refund(R.APPROVED)
    return FakeCancelling(
        found=summary(),
        cancelled=replace(UNPAID, status=S.CANCEL),
        kept=kept,
        views={7: RefundWithItem(kept, ITEMS[0])},
    )


@pytest.fixture
def screen(
    qtbot: QtBot,
    texts: Translator,
    theme: Theme,
    instant: InlineTaskRunner,
    service: FakeCancelling,
) -> CancelScreen:
    return _screen(qtbot, texts, theme, instant, service)


def _screen(qtbot: QtBot, texts: Translator, theme: Theme, runner, service) -> CancelScreen:
    made = CancelScreen(texts, theme, runner, service, FakeRest())
    qtbot.addWidget(made)
    made.resize(1366, 670)
    made.show()
    qtbot.waitExposed(made)
    return made


def agree(screen: CancelScreen, qtbot: QtBot) -> None:
    """Press the action once it is taken."""
    qtbot.waitUntil(screen.view.form.can_agree)
    qtbot.mouseClick(screen.view.form.button, Qt.MouseButton.LeftButton)


def reasons_of(screen: CancelScreen) -> ReasonField:
    return screen.view.form.form.reason_field


def activate(screen: CancelScreen, qtbot: QtBot) -> None:
    with qtbot.waitActive(screen):
        screen.activateWindow()


def report_line(screen: CancelScreen, service: FakeCancelling, state: R, **more) -> None:
    """The background says that the refund is in this state now."""
    now = refund(state, **more)
    service.views[7] = RefundWithItem(now, GONE if state is R.CONFIRMED else ITEMS[0])
    screen.refund_changed(7)


def failure(screen: CancelScreen) -> str:
    """What the form says above its buttons."""
    assert screen.step is CancelStep.FORM and screen.view.form.isVisible()
    return screen.view.form.failure.text()


def heading(screen: CancelScreen) -> str:
    return screen.view.outcome.heading.text()


@pytest.mark.parametrize(
    ("status", "actor", "label", "button"),
    [
        (S.WAITING_FOR_PAYMENT, Actor.buyer(12), "결제대기", "36,000원 주문취소"),
        (S.WAITING_FOR_PAYMENT, Actor.seller(3), "결제대기", "36,000원 주문취소"),
        (S.COMPLETE_PAYMENT, Actor.buyer(12), "결제완료", "36,000원 결제취소"),
        (S.COMPLETE_PAYMENT, Actor.seller(3), "결제완료", "36,000원 결제취소"),
        (S.WAITING_FOR_DELIVERY, Actor.seller(3), "배송준비중", "36,000원 결제취소"),
        (S.SHIPPING, Actor.seller(3), "배송중", "36,000원 결제취소"),
        (S.DELIVERY_COMPLETE, Actor.seller(3), "배송완료", "36,000원 결제취소"),
    ],
)
def test_the_item_its_order_status_amount_and_the_one_button_that_fits(
    screen, service, status, actor, label, button
):
    service.found = summary(item(status=status, count=2), actor)
    screen.open(actor, 2048)
    card = screen.view.item_card
    assert card.name.text() == "에티오피아 예가체프 200g"
    assert card.badge.label == label
    assert card.amount.text() == "36,000원"
    assert "1024" in card.where.text() and "2048" in card.where.text()
    assert screen.view.form.button.text() == button
    assert reasons_of(screen).line.placeholderText() == "취소 이유를 입력하세요"
    assert screen.step is CancelStep.FORM


def test_refunded_amount_is_shown_beside_the_payment(screen, service):
    screen.open(Actor.buyer(12), 2048)
    assert ("이 주문의 환불 금액", "9,000원") in screen.view.item_card.facts.rows
    service.found = summary(UNPAID)
    screen.open(Actor.buyer(12), 2048)
    assert "이 주문의 환불 금액" not in dict(screen.view.item_card.facts.rows)


REASONS = ["단순 변심", "상품 파손", "오주문", "기타"]


@pytest.mark.parametrize(
    ("actor", "blank"),
    [
        (Actor.buyer(12), "비워 두면 다음 이유로 기록됩니다: 구매자에 의한 취소"),
        (Actor.seller(3), "비워 두면 다음 이유로 기록됩니다: 판매자에 의한 취소"),
    ],
)
def test_preset_reason_is_inserted_and_removed_by_a_second_press(
    screen, service, qtbot, actor, blank
):
    reasons = REASONS
    service.found = summary(actor=actor)
    screen.open(actor, 2048)
    form = screen.view.form
    shown = [chip.text() for chip in reasons_of(screen).chips]
    assert shown == [f"{digit} {reason}" for digit, reason in enumerate(reasons, 1)]
    assert reasons_of(screen).hint.text() == blank
    qtbot.mouseClick(reasons_of(screen).chips[0], Qt.MouseButton.LeftButton)
    assert form.reason == reasons[0] and reasons_of(screen).chips[0].isChecked()
    qtbot.mouseClick(reasons_of(screen).chips[1], Qt.MouseButton.LeftButton)
    assert form.reason == reasons[1]
    assert [chip.isChecked() for chip in reasons_of(screen).chips] == [False, True, False, False]
    reasons_of(screen).line.setText("손님이 마음을 바꿈")
    assert not any(chip.isChecked() for chip in reasons_of(screen).chips)
    qtbot.mouseClick(reasons_of(screen).chips[1], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(reasons_of(screen).chips[1], Qt.MouseButton.LeftButton)
    assert form.reason == ""


def test_question_and_action_name_the_amount_and_enter_is_safe(screen, service, qtbot):
    screen.open(Actor.buyer(12), 2048)
    form = screen.view.form
    question = "에티오피아 예가체프 200g 1개, 18,000원을 결제취소할까요?"
    assert form.accessibleName() == question
    assert form.button.text() == "18,000원 결제취소" and form.button.key == "F8"
    assert "되돌릴 수 없습니다" in form.form.consequence.text()
    left = []
    screen.go_requested.connect(lambda page, _: left.append(page))
    qtbot.waitUntil(form.can_agree)
    assert screen.focusWidget() is form.no
    qtbot.keyClick(screen.focusWidget(), Qt.Key.Key_Return)
    assert service.actions() == [] and left == ["cards"]


def test_a_digit_and_f8_refund_with_a_usual_reason(screen, service, qtbot):
    activate(screen, qtbot)
    screen.open(Actor.buyer(12), 2048)
    qtbot.waitUntil(screen.view.form.can_agree)
    qtbot.keyClick(screen.focusWidget(), Qt.Key.Key_2)
    assert service.actions() == [] and screen.view.form.reason == "상품 파손"
    qtbot.keyClick(screen.focusWidget(), Qt.Key.Key_F8)
    assert service.actions() == [("refund", Actor.buyer(12), 2048, "상품 파손", Won(18_000))]


def test_by_keyboard_alone_from_the_reason_to_the_outcome(screen, service, qtbot):
    screen.open(Actor.buyer(12), 2048)
    line = reasons_of(screen).line
    line.setFocus()
    qtbot.keyClicks(line, "2 mistakes")
    assert screen.view.form.reason == "2 mistakes", "digits in the field are text"
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert screen.focusWidget() is screen.view.form.button and service.actions() == []
    qtbot.waitUntil(screen.view.form.can_agree)
    qtbot.keyClick(screen.focusWidget(), Qt.Key.Key_Return)
    assert service.actions() == [("refund", Actor.buyer(12), 2048, "2 mistakes", Won(18_000))]
    report_line(screen, service, R.CONFIRMED)
    homes = []
    screen.home_requested.connect(lambda: homes.append(1))
    assert screen.focusWidget() is screen.view.outcome.go
    qtbot.keyClick(screen.view.outcome.go, Qt.Key.Key_Return)
    assert homes == [1]


def test_bouncing_key_does_not_press_the_action(screen, service, qtbot, monkeypatch):
    activate(screen, qtbot)
    screen.open(Actor.buyer(12), 2048)
    form = screen.view.form
    qtbot.waitUntil(form.can_agree)
    monkeypatch.setattr(action_guard, "GUARD_MS", 60_000)
    assert not form.can_agree()
    qtbot.mouseClick(form.button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(form.no, Qt.Key.Key_F8)
    form.button.setFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        qtbot.keyClick(form.button, key)
    assert service.actions() == [] and screen.step is CancelStep.FORM


def test_the_next_item_begins_with_a_guard_of_its_own(screen, service, qtbot, monkeypatch):
    screen.open(Actor.buyer(12), 2048)
    qtbot.waitUntil(screen.view.form.can_agree)
    monkeypatch.setattr(action_guard, "GUARD_MS", 60_000)
    monkeypatch.setattr(screen.view.form._guard, "_clock", lambda: 10**9)
    assert screen.view.form.can_agree(), "long after its paint"
    screen.open(Actor.buyer(12), 2049)
    assert not screen.view.form.can_agree()


def test_a_held_f8_acts_once_and_not_on_the_page_that_it_opened(screen, service, qtbot):
    activate(screen, qtbot)
    QTest.keyPress(screen, Qt.Key.Key_F8)  # held since the page before
    screen.open(Actor.buyer(12), 2048)
    form = screen.view.form
    qtbot.waitUntil(form.can_agree)
    for _ in range(20):
        QTest.keyPress(form.no, Qt.Key.Key_F8)
    assert service.actions() == []
    QTest.keyRelease(form.no, Qt.Key.Key_F8)
    for _ in range(3):
        qtbot.keyClick(form.no, Qt.Key.Key_F8)
    assert len(service.actions()) == 1


def test_a_held_enter_answers_nothing(screen, service, qtbot):
    screen.open(Actor.buyer(12), 2048)
    homes = []
    screen.home_requested.connect(lambda: homes.append(1))
    qtbot.waitUntil(screen.view.form.can_agree)

    def held_enter(target) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            press = QKeyEvent(
                kind, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", autorep=True
            )
            QApplication.sendEvent(target, press)

    form = screen.view.form
    for target in (form.no, form.button, reasons_of(screen).line):
        target.setFocus()
        for _ in range(50):
            held_enter(target)
    assert service.actions() == [] and homes == []
    form.button.setFocus()
    qtbot.keyClick(form.button, Qt.Key.Key_Return)
    for _ in range(50):
        held_enter(screen.focusWidget())
    assert len(service.actions()) == 1 and homes == []


def test_repeated_presses_make_one_intent(qtbot, texts, theme, held: HeldRunner, service):
    screen = _screen(qtbot, texts, theme, held, service)
    screen.open(Actor.buyer(12), 2048)
    held.held.pop()()
    qtbot.waitUntil(screen.view.form.can_agree)
    for _ in range(3):
        screen.view.form.button.click()
        screen.view.form.agreed.emit()
    assert len(held.held) == 1 and screen.step is CancelStep.WORKING
    held.held.pop()()
    assert len(service.actions()) == 1


def test_the_amount_that_is_requested_is_the_one_that_was_shown(screen, service, qtbot):
    screen.open(Actor.buyer(12), 2048)
    assert screen.view.item_card.amount.text() == "18,000원"
    service.found = summary(item(price=99_000))  # changed behind the screen
    service.kept = UserError(ErrorCode.REFUND_AMOUNT_DIFFERS)
    agree(screen, qtbot)
    assert service.actions() == [("refund", Actor.buyer(12), 2048, "", Won(18_000))]
    assert failure(screen).startswith(
        "결제 취소 중 오류가 발생했습니다: 환불금액 위/변조. 환불금액이 일치하지 않습니다."
    )


def test_an_unpaid_item_is_cancelled_and_no_money_moves(screen, service, qtbot):
    service.found = summary(UNPAID)
    screen.open(Actor.buyer(12), 2048)
    agree(screen, qtbot)
    assert service.actions() == [("cancel", Actor.buyer(12), 2048, "")]
    assert heading(screen) == "주문이 성공적으로 취소되었습니다"
    assert screen.view.outcome.tone == "success"
    assert screen.view.item_card.badge.label == "취소"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (ErrorCode.USER_UNKNOWN, "가입되지 않은 회원입니다."),
        (ErrorCode.ITEM_UNKNOWN, "잘못된 주문상품번호 입니다."),
        (ErrorCode.ITEM_OF_ANOTHER, "사용자의 주문상품이 아닙니다."),
        (ErrorCode.ITEM_CANCELLED, "이미 취소된 상품입니다"),
        (ErrorCode.ITEM_SHIPPING, "배송중인 상품입니다."),
        (ErrorCode.ITEM_DELIVERED, "배송이 완료된 상품입니다. 교환/환불을 진행해 주세요."),
        (ErrorCode.NOT_A_SELLER, "판매자가 아닙니다. 먼저 판매자 신청을 해주세요."),
    ],
)
def test_guard_shows_message_and_code_before_and_inside_the_action(
    screen, service, qtbot, code, message
):
    homes = []
    screen.home_requested.connect(lambda: homes.append(1))
    service.found = UserError(code)
    screen.open(Actor.seller(3), 2048)
    assert heading(screen) == message
    assert code.value in screen.view.outcome.code.text()
    assert screen.view.outcome.go.text() == "홈"
    assert screen.view.item_card.isHidden() and screen.view.outcome.order.isHidden()
    qtbot.keyClick(screen.view.outcome.go, Qt.Key.Key_Return)
    assert homes == [1]

    service.found, service.kept = summary(), UserError(code)
    screen.open(Actor.buyer(12), 2048)
    agree(screen, qtbot)
    assert failure(screen) == f"결제 취소 중 오류가 발생했습니다: {message} ({code.value})"

    service.found, service.cancelled = summary(UNPAID), UserError(code)
    screen.open(Actor.buyer(12), 2048)
    agree(screen, qtbot)
    assert failure(screen) == f"주문 취소 중 오류가 발생했습니다: {message} ({code.value})"


def test_after_a_failure_the_reason_is_still_there(screen, service, qtbot):
    service.kept = EnvironmentProblem(EnvironmentCode.DISK_FULL)
    screen.open(Actor.buyer(12), 2048)
    reasons_of(screen).line.setText("상자가 찢어짐")
    agree(screen, qtbot)
    assert "저장 공간" in failure(screen) and screen.view.form.reason == "상자가 찢어짐"
    assert screen.focusWidget() is screen.view.form.no
    service.kept = refund(R.APPROVED)
    agree(screen, qtbot)
    assert [call[3] for call in service.actions()] == ["상자가 찢어짐"] * 2
    assert heading(screen) == "환불 대기"


def test_paid_meanwhile_is_explained_and_the_other_button_is_there(screen, service, qtbot):
    service.found, service.cancelled = summary(UNPAID), UserError(ErrorCode.PAID_MEANWHILE)
    screen.open(Actor.buyer(12), 2048)
    reasons_of(screen).line.setText("주문 실수")
    service.before_answer = lambda: setattr(service, "found", summary())
    agree(screen, qtbot)
    assert screen.view.banner.tone == "notice"
    assert screen.view.banner.message.startswith("그 사이에 결제가 완료되어 취소하지 않았습니다.")
    assert screen.view.form.button.text() == "18,000원 결제취소"
    assert screen.step is CancelStep.FORM and screen.view.form.reason == "주문 실수"


def test_a_refund_moves_on_by_itself_to_its_end(screen, service, qtbot):
    screen.open(Actor.buyer(12), 2048)
    agree(screen, qtbot)
    assert heading(screen) == "환불 대기"
    report_line(screen, service, R.SENDING)
    assert heading(screen) == "환불 대기"
    report_line(screen, service, R.UNKNOWN, gateway_message="timeout")
    assert heading(screen) == "확인 중"
    assert screen.view.outcome.tone == "notice" and screen.view.outcome.busy.is_busy
    assert "자동으로" in screen.view.outcome.text_label.text()
    assert "나가도 됩니다" in screen.view.outcome.text_label.text()
    report_line(screen, service, R.CONFIRMED)
    assert heading(screen) == "결제가 성공적으로 취소되었습니다"
    assert screen.view.outcome.tone == "success" and not screen.view.outcome.busy.is_busy
    assert screen.view.item_card.badge.label == "취소"
    assert ("이 주문의 환불 금액", "27,000원") in screen.view.item_card.facts.rows


def test_refund_made_before_the_screen_has_its_id_is_shown(screen, service, qtbot):
    service.views[7] = RefundWithItem(refund(R.CONFIRMED), GONE)
    screen.open(Actor.buyer(12), 2048)
    agree(screen, qtbot)
    assert heading(screen) == "결제가 성공적으로 취소되었습니다"


def test_offline_refund_is_recorded_and_shown_as_not_yet_refunded(screen, service, qtbot):
    screen.set_online(False)
    screen.open(Actor.buyer(12), 2048)
    agree(screen, qtbot)
    assert heading(screen) == "환불 접수 (아직 환불되지 않음)"
    report_line(screen, service, R.SENDING)  # cut off in the middle: the result is unknown
    assert heading(screen) == "확인 중"
    report_line(screen, service, R.APPROVED)
    screen.set_online(True)
    assert heading(screen) == "환불 대기"


def test_refusal_shows_portones_text_plain_and_the_next_steps(screen, service, qtbot):
    screen.open(Actor.buyer(12), 2048)
    agree(screen, qtbot)
    report_line(
        screen,
        service,
        R.REFUSED,
        gateway_code=-1,
        gateway_message="<b>취소</b> 가능 금액\u202e 초과\x00",
    )
    assert heading(screen) == "결제 취소 중 오류가 발생했습니다: <b>취소</b> 가능 금액 초과"
    assert screen.view.outcome.heading.textFormat() is Qt.TextFormat.PlainText
    assert screen.view.outcome.code.text() == "PortOne 코드 -1"
    assert "다시 시도" in screen.view.outcome.text_label.text()
    service.found = summary(last=refund(R.REFUSED))
    screen.view.outcome.go.click()
    assert screen.step is CancelStep.FORM


def test_refund_in_review_leads_to_the_list(screen, service, qtbot):
    lists = []
    screen.go_requested.connect(lambda page, _: lists.append(page))
    screen.open(Actor.buyer(12), 2048)
    agree(screen, qtbot)
    report_line(screen, service, R.NEEDS_REVIEW, gateway_code=-9, gateway_message="?")
    assert heading(screen) == "확인 필요"
    screen.view.outcome.go.click()
    assert lists == ["open_money"]


def test_item_with_refund_in_progress_opens_on_it_with_button_off(screen, service):
    service.found = summary(last=refund(R.UNKNOWN))
    service.views[7] = RefundWithItem(refund(R.UNKNOWN), ITEMS[0])
    screen.open(Actor.buyer(12), 2048)
    assert heading(screen) == "확인 중" and not screen.view.form.isVisible()


def test_an_earlier_refusal_is_reported_above_the_form(screen, service):
    service.found = summary(last=refund(R.REFUSED, gateway_message="점검 중입니다."))
    screen.open(Actor.buyer(12), 2048)
    assert screen.view.banner.message == "지난번 결제취소는 거절되었습니다: 점검 중입니다."
    assert screen.step is CancelStep.FORM


def test_result_after_leaving_the_screen_is_a_notice(screen, service, qtbot):
    said = []
    screen.notified.connect(said.append)
    screen.open(Actor.buyer(12), 2048)
    agree(screen, qtbot)
    report_line(screen, service, R.UNKNOWN)
    screen.hide()
    report_line(screen, service, R.CONFIRMED)
    assert said == ["에티오피아 예가체프 200g: 결제가 성공적으로 취소되었습니다"]


def test_result_of_a_left_item_does_not_cover_the_next_one(
    qtbot, texts, theme, held: HeldRunner, service
):
    screen = _screen(qtbot, texts, theme, held, service)
    said = []
    screen.notified.connect(said.append)
    service.found = summary(UNPAID)
    screen.open(Actor.buyer(12), 2048)
    held.held.pop()()
    agree(screen, qtbot)
    slow = held.held.pop()
    service.found = summary(ITEMS[1])
    screen.open(Actor.buyer(12), 2049)
    held.held.pop()()
    slow()
    assert said == ["에티오피아 예가체프 200g: 주문이 성공적으로 취소되었습니다"]
    assert screen.step is CancelStep.FORM
    assert screen.view.item_card.name.text() == "핸드드립 서버 600ml"


def test_it_is_busy_until_the_item_is_loaded(qtbot, texts, theme, held, service):
    screen = CancelScreen(texts, theme, held, service, FakeRest())
    qtbot.addWidget(screen)
    screen.open(Actor.buyer(12), LARGEST_ID)
    assert screen.step is CancelStep.LOADING and screen.view.busy.is_busy
    held.held.pop()()
    assert screen.step is CancelStep.FORM and not screen.view.busy.is_busy
    assert service.calls == [("look_up", Actor.buyer(12), LARGEST_ID)]


def test_reason_of_ten_kilobytes_is_cut_visibly(screen, service, qtbot):
    screen.open(Actor.buyer(12), 2048)
    form = screen.view.form
    reasons_of(screen).line.setText("가" * 10_240)
    assert form.reason == "가" * MAX_REASON_LENGTH
    assert (
        reasons_of(screen).hint.text()
        == "취소 이유는 500자까지 기록됩니다. 넘는 부분은 지웠습니다."
    )
    reasons_of(screen).line.setText("짧게")
    assert reasons_of(screen).hint.text().startswith("비워 두면")
    reasons_of(screen).line.setText("😀" * 600)
    assert form.reason == "😀" * MAX_REASON_LENGTH


def test_reason_loses_unprintable_marks_and_keeps_markup_as_text(screen, service, qtbot):
    screen.open(Actor.buyer(12), 2048)
    reasons_of(screen).line.setText("<b>\x00가\u202e나\u2066</b>")
    assert screen.view.form.reason == "<b> 가 나 </b>"
    agree(screen, qtbot)
    assert service.actions()[0][3] == "<b> 가 나 </b>"


def test_a_name_of_markup_and_marks_is_text_and_does_not_widen_the_screen(screen, service):
    service.found = summary(item(name="<img src=x onerror=y>\u202e" + "W" * 4000))
    screen.open(Actor.buyer(LARGEST_ID), LARGEST_ID)
    name = screen.view.item_card.name
    assert name.textFormat() is Qt.TextFormat.PlainText
    assert name.text().startswith("<img ") and "\u202e" not in name.text()
    assert screen.view.item_card.minimumSizeHint().width() < 600


def test_everything_changes_language_while_it_is_up(screen, service, qtbot, texts):
    screen.open(Actor.buyer(12), 2048)
    texts.set_language("en")
    assert screen.view.form.button.text() == "Refund ₩18,000"
    assert screen.view.item_card.badge.label == "Paid"
    agree(screen, qtbot)
    texts.set_language("ko")
    assert heading(screen) == "환불 대기"


def test_everything_that_is_pressed_or_typed_into_has_a_name(screen, service, qtbot):
    screen.open(Actor.buyer(12), 2048)
    form = screen.view.form
    for widget in (*reasons_of(screen).chips, reasons_of(screen).line, form.button):
        assert widget.accessibleName()
    assert (
        isinstance(reasons_of(screen).line, QLineEdit)
        and reasons_of(screen).line.accessibleName() == "취소 이유"
    )
    agree(screen, qtbot)
    assert screen.view.outcome.go.accessibleName() == "홈"


def test_results_are_announced_once_and_failures_interrupt(screen, service, qtbot, monkeypatch):
    said: list[tuple[str, bool]] = []

    def announce(_, text: str, *, urgent: bool = False) -> None:
        said.append((text.split(".")[0], urgent))

    monkeypatch.setattr(result_panel, "announce", announce)
    monkeypatch.setattr(reason_field, "announce", announce)
    screen.open(Actor.buyer(12), 2048)
    reasons_of(screen).line.setText("가" * 600)
    assert said.pop() == ("취소 이유는 500자까지 기록됩니다", False)
    agree(screen, qtbot)
    report_line(screen, service, R.APPROVED)
    report_line(screen, service, R.UNKNOWN)
    report_line(screen, service, R.UNKNOWN)
    report_line(screen, service, R.REFUSED, gateway_message="안 됩니다")
    assert [text.split()[:2] for text, _ in said] == [
        ["환불", "대기"],
        ["확인", "중"],
        ["결제", "취소"],
    ]
    assert [urgent for _, urgent in said] == [False, False, True]


def test_the_orders_page_is_one_key_away(screen, service):
    service.found = summary(last=NEEDS_REVIEW)
    service.views[9] = RefundWithItem(NEEDS_REVIEW, ITEMS[0])
    requested = []
    screen.go_requested.connect(lambda *where: requested.append(where))
    screen.open(Actor.buyer(12), 2048)
    screen.view.outcome.order.click()
    assert requested == [("order", {"order_id": 1024, "actor": Actor.buyer(12)})]


LOWEST_BODY = (1024, 440)
"""Pixels between head and status line of a window of 1024 × 600."""


def test_a_result_is_in_the_middle_of_its_panel(screen, service):
    service.found = UserError(ErrorCode.ITEM_OF_ANOTHER)
    screen.open(Actor.seller(3), 2048)
    QApplication.processEvents()
    panel = screen.view.outcome
    inside = panel.heading.parentWidget()
    shown = (panel.heading, panel.text_label, panel.code)
    assert all(label.alignment() & Qt.AlignmentFlag.AlignHCenter for label in shown)
    assert abs(panel.sign.geometry().center().x() - inside.width() // 2) <= 1
    above, below = panel.sign.y(), inside.height() - panel.code.geometry().bottom()
    assert abs(above - below) <= 2


def test_the_answers_stay_in_view_where_the_form_has_to_scroll(screen: CancelScreen) -> None:
    screen.resize(*LOWEST_BODY)
    screen.show()
    screen.open(Actor.buyer(7), ITEMS[0].id)
    QApplication.processEvents()
    assert not screen.view.verticalScrollBar().maximum()
    form = screen.view.form
    for answer in (form.no, form.button):
        assert answer.visibleRegion().boundingRect() == answer.rect()


def test_the_four_reasons_are_in_one_line_of_a_dialog(qtbot, theme):
    field = ReasonField(theme, "reason", 40)
    qtbot.addWidget(field)
    field.set_reasons(REASONS)
    field.resize(WIDTH - 48, 200)
    field.show()
    QApplication.processEvents()
    assert len({chip.y() for chip in field.chips}) == 1
    assert min(chip.height() for chip in field.chips) >= 48
