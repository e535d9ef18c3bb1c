"""The page of an order: its text, its actions on several items, and its prints."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, ErrorCode, UserError
from posapp.domain.ledger import GENESIS, LedgerEvent, link_entry
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.payments import AttemptState, PaymentDisposition
from posapp.domain.refunds import RefundOrigin, RefundState
from posapp.domain.requests import Request, RequestKind, RequestState
from posapp.domain.users import LARGEST_ID
from posapp.services.orders.order_history import OrderHistory
from posapp.services.refunds.cancel_remainder import RemainderOffer
from posapp.services.session import Session
from posapp.system.hardening import private_files
from posapp.ui.cancellation.cancel_dialog import CancelDialog
from posapp.ui.core import status_text
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.orders import timeline
from posapp.ui.orders.order_report import order_report
from posapp.ui.orders.order_screen import OrderScreen
from posapp.ui.orders.timeline_events import events_of
from posapp.ui.printing import print_controller
from posapp.ui.printing.print_document import PrintDocument, print_paper, save_pdf
from tests.ui.cancel.shop_records import (
    CONFIRMED,
    IMP_UID,
    ITEMS,
    MERCHANT_UID,
    NEEDS_REVIEW,
    NOW,
    PAYMENT,
    FakeCancelling,
    FakeHistories,
    FakeRest,
    entry,
    history,
    item,
    order_of,
    refund,
)
from tests.ui.geometry import problems

R = RefundState


@pytest.fixture
def texts(qapp) -> Translator:
    return Translator("ko", now=lambda: NOW)


@pytest.fixture
def paid() -> OrderHistory:
    """Three items were paid, the third is refunded."""
    return replace(history(), refunds=(CONFIRMED,))


@pytest.fixture
def histories(paid) -> FakeHistories:
    return FakeHistories(found=paid)


@pytest.fixture
def service() -> FakeCancelling:
    return FakeCancelling()


@pytest.fixture
def rest() -> FakeRest:
    return FakeRest()


@pytest.fixture
def page(qtbot: QtBot, texts, theme, instant, histories, service, rest) -> OrderScreen:
    made = OrderScreen(
        *(texts, theme, instant, histories, service, rest, Session()),
        shop="오늘의 커피",
        now=lambda: NOW,
    )
    qtbot.addWidget(made)
    made.resize(1366, 670)
    made.show()
    qtbot.waitExposed(made)
    return made


def tick(page: OrderScreen, *rows: int) -> None:
    for at in rows:
        page.view.items.rows[at].tick.click()


def ask(page: OrderScreen, qtbot: QtBot) -> CancelDialog:
    page.view.items.button.click()
    (question,) = [one for one in page.findChildren(CancelDialog) if one.isVisible()]
    qtbot.waitUntil(question.can_agree)
    return question


def agree(page: OrderScreen, qtbot: QtBot) -> CancelDialog:
    question = ask(page, qtbot)
    question.yes.click()
    return question


def text_of(question: CancelDialog) -> str:
    return " ".join(label.text() for label in question.findChildren(QLabel))


def results(page: OrderScreen) -> list[str]:
    return [row.result.text() for row in page.view.items.rows]


def test_the_head_names_the_buyer_and_the_money(page):
    page.open(1024)
    head = page.view.head
    assert page.title == "주문 1024"
    assert page.subtitle == "김서연 (12) · 010-1234-5678 · 오늘 13:48"
    amounts = {key: figure.text() for key, figure in head.figures.items()}
    assert amounts == {"total": "42,000원", "captured": "51,000원", "returned": "9,000원"}
    assert [row.badge.label for row in page.view.items.rows] == ["결제완료", "결제완료", "취소"]


@pytest.mark.parametrize("number", ["", "   "])
def test_the_head_has_no_gap_for_a_buyer_without_a_phone_number(page, histories, paid, number):
    histories.found = replace(paid, buyer=replace(paid.buyer, phone=number))
    page.open(1024)
    assert page.subtitle == "김서연 (12) · 오늘 13:48"


def test_events_are_in_time_order_in_korean(texts):
    events = events_of(texts, history())
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert [event.title for event in events] == [
        "결제 QR 생성",
        "결제 QR: 시간 초과",
        "주문 접수",
        "결제 QR 생성",
        "결제 완료",
        "환불 접수",
        "환불 접수",
        "환불: 환불 완료",
        "환불: 확인 필요",
    ]
    money = [event.amount for event in events if event.amount]
    assert money == ["+51,000원", "-9,000원"]


CODES = re.compile(r"imp_|pos-|\[RF-|cancel_2|[0-9a-f]{12,}|장부 \d|해시|코드 -?\d|참조|전송 \d+회")
"""What only a support call needs."""


def visible_text(page: OrderScreen) -> str:
    labels = page.view.history.timeline.findChildren(QLabel)
    return "\n".join(label.text() for label in labels if label.isVisible())


def test_movement_is_one_line_and_a_key_shows_its_numbers(qtbot, page, histories):
    """A movement had two lines, with hashes and raw codes; now F3 shows its numbers."""
    histories.found = history()
    page.open(1024)
    timeline = page.view.history.timeline
    qtbot.waitUntil(lambda: "환불 완료" in visible_text(page))
    assert not CODES.search(visible_text(page)), CODES.search(visible_text(page))
    titles = timeline.titles
    assert sum("9,000원" in title for title in titles) == 1
    with qtbot.waitActive(page):
        page.activateWindow()
    page.view.history.timeline.setFocus()
    qtbot.keyClick(timeline, Qt.Key.Key_F3)
    qtbot.waitUntil(lambda: "해시" in visible_text(page))
    text = visible_text(page)
    for part in (IMP_UID, MERCHANT_UID, "[RF-9K2M0009]", "장부 33: 환불 완료", "해시", "코드 -1"):
        assert part in text.replace("\u200b", ""), part
    assert timeline.titles == titles, "the lines are the same"
    qtbot.keyClick(timeline, Qt.Key.Key_F3)
    qtbot.waitUntil(lambda: "환불 완료" in visible_text(page))
    assert not CODES.search(visible_text(page))


def test_every_entry_of_the_ledger_is_reported_once(texts):
    """A line for each movement, and no entry left out: behind its event, or one of its own."""
    found = history()
    reported = [
        line for event in events_of(texts, found) for line in event.evidence if "장부 " in line
    ]
    assert sorted(reported) == sorted(set(reported))
    assert {int(re.search(r"\d+", line).group()) for line in reported} == {
        row.seq for row in found.ledger
    }


@pytest.mark.parametrize(
    ("fact", "reason", "title", "detail"),
    [
        (LedgerEvent.REFUND_TAKEN_OVER, "", "환불 수동 처리", None),
        (
            LedgerEvent.REFUND_TAKEN_OVER,
            "timeout",
            "환불 수동 처리",
            "사유: 결제 서버가 제때 응답하지 않았습니다",
        ),
        (
            LedgerEvent.REFUND_REQUEUED,
            "a difference of this payment is not explained",
            "환불 자동 전송으로 전환",
            "사유: 이 결제의 금액 차이가 아직 설명되지 않았습니다",
        ),
        (
            LedgerEvent.CANCELLATION_DISOWNED,
            "c_1, c_2",
            "우리 환불이 아닌 취소",
            "취소번호 c_1, c_2",
        ),
    ],
)
def test_decision_is_a_line_with_its_actor(texts, fact, reason, title, detail):
    decided = entry(fact, 0, 5, actor=Actor.person("한별"), reference="[RF-1]", reason=reason)
    found = replace(history(), ledger=(link_entry(1, decided, GENESIS),), refunds=(NEEDS_REVIEW,))
    event = next(one for one in events_of(texts, found) if one.kind == "ledger")
    assert (event.title, event.amount) == (title, "")
    assert event.details == tuple(one for one in (detail, "요청: 담당자 한별") if one)
    assert "참조 [RF-1]" in event.evidence


def test_external_cancel_is_one_line(texts):
    external = replace(CONFIRMED, origin=RefundOrigin.EXTERNAL, tag="", item_id=None)
    events = events_of(texts, replace(history(), refunds=(external,), ledger=()))
    found = [event for event in events if event.kind == "refund"]
    assert [(event.title, event.amount) for event in found] == [("다른 곳에서 취소됨", "-9,000원")]


def test_a_payment_says_that_a_cash_receipt_of_it_is_issued(texts):
    """The shop issues none for KakaoPay's money, and shows who has one."""
    said = "현금영수증이 발급된 결제"
    records = history()
    payments = tuple(replace(one, cash_receipt_issued=True) for one in records.payments)
    for shown, expected in ((records, False), (replace(records, payments=payments), True)):
        details = [line for event in events_of(texts, shown) for line in event.details]
        assert (said in details) is expected


def test_every_state_and_fact_has_text_and_a_tone_in_both_languages(texts):
    for language in ("ko", "en"):
        texts.set_language(language)
        said = [status_text.of_item(texts, status) for status in ItemStatus]
        said += [
            status_text.of_attempt(texts, replace(history().attempts[0], state=state))
            for state in AttemptState
        ]
        said += [
            status_text.of_payment(texts, replace(PAYMENT, disposition=one))
            for one in PaymentDisposition
        ]
        for state in RefundState:
            for online in (True, False):
                said.append(status_text.of_refund(texts, refund(state), online=online))
        external = replace(CONFIRMED, origin=RefundOrigin.EXTERNAL)
        said.append(status_text.of_refund(texts, external))
        assert all(one.label and "order_page." not in one.label for one in said)
        assert all(one.tone for one in said)
        assert set(status_text.FACT_TONES) == set(LedgerEvent)
        assert all(texts.has(f"order_page.fact_{fact.value}") for fact in LedgerEvent)


@pytest.mark.parametrize(
    ("who", "text"),
    [
        ("buyer:12", "구매자 12"),
        ("seller:3", "판매자 3"),
        ("till", "계산대"),
        ("portone", "PortOne"),
        ("<b>x</b>:1", "<b>x</b>:1"),
    ],
)
def test_actor_is_shown_in_text(texts, who, text):
    assert status_text.actor(texts, Actor.parse(who)) == text


def test_the_copied_account_holds_every_number_for_a_support_call(page, texts, histories):
    histories.found = history()
    said = []
    page.notified.connect(said.append)
    page.open(1024)
    page.view.history.copy.click()
    text = QGuiApplication.clipboard().text()
    assert said == ["처리 이력을 복사했습니다."]
    for part in (
        IMP_UID, MERCHANT_UID, "[RF-9K2M0009]", "cancel_20261123_01", "확인 필요", "결제 완료",
        "취소 처리 중 알 수 없는 오류가 발생했습니다. [PG:9999]", "코드 -1", "전송 12회",
        "2026년 11월 23일 (월) 13:50:00", "김서연 (12)", "주문상품번호 2048", "51,000원",
    ):  # fmt: skip
        assert part in text, part
    assert "\u200b" not in text


def test_several_items_are_cancelled_at_once_each_with_its_own_result(
    page, service, histories, qtbot, paid
):
    page.open(1024, Actor.buyer(12))
    tick(page, 0, 1)
    assert page.view.items.button.text() == "결제취소"
    assert page.view.items.chosen.text() == "2개 선택 · 42,000원"
    kept = refund(R.APPROVED, 20)
    service.kept = lambda number: kept if number == 2048 else UserError(ErrorCode.ITEM_SHIPPING)
    histories.found = replace(paid, refunds=(CONFIRMED, kept))
    question = ask(page, qtbot)
    assert question.windowTitle() == "상품 2개, 42,000원을 결제취소할까요?"
    assert question.yes.text() == "42,000원 결제취소"
    for part in ("42,000원", "구매자 12", "핸드드립 서버 600ml", "상품마다 따로", "1024"):
        assert part in text_of(question)
    question.form.reason_field.line.setText("단순 변심")
    question.yes.click()
    assert not question.isVisible(), "one of two was refunded"
    assert service.actions() == [
        ("refund", Actor.buyer(12), 2048, "단순 변심", Won(18_000)),
        ("refund", Actor.buyer(12), 2049, "단순 변심", Won(24_000)),
    ]
    assert results(page)[:2] == [
        "환불 대기",
        "결제 취소 중 오류가 발생했습니다: 배송중인 상품입니다. (orderItem409_2)",
    ]
    histories.found = replace(paid, refunds=(CONFIRMED, refund(R.CONFIRMED, 20)))
    page.refund_changed(20)
    assert results(page)[0] == "환불 완료"


def test_four_keys_refund_a_line_of_a_known_order(page, service, qtbot):
    with qtbot.waitActive(page):
        page.activateWindow()
    page.open(1024)
    first, second = page.view.items.rows[0].tick, page.view.items.rows[1].tick
    assert page.focusWidget() is first
    service.kept = refund(R.APPROVED, 20)
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Down)
    assert page.focusWidget() is second and not second.isChecked()
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_F8)
    question = page.findChild(CancelDialog)
    qtbot.waitUntil(question.can_agree)
    assert question.windowTitle() == "핸드드립 서버 600ml 1개, 24,000원을 결제취소할까요?"
    assert question.focusWidget() is question.no
    qtbot.keyClick(question.focusWidget(), Qt.Key.Key_1)
    qtbot.keyClick(question.focusWidget(), Qt.Key.Key_F8)
    assert service.actions() == [
        ("refund", Actor.seller(3), 2049, "단순 변심", Won(24_000)),
    ]
    assert not question.isVisible()


def test_arrows_pass_over_lines_that_cannot_be_cancelled(page, histories, qtbot):
    stopped = replace(ITEMS[1], status=ItemStatus.CANCEL)
    histories.found = replace(history(), order=order_of(ITEMS[0], stopped, ITEMS[2]), refunds=())
    page.open(1024)
    rows = page.view.items.rows
    qtbot.keyClick(rows[0].tick, Qt.Key.Key_Down)
    assert page.focusWidget() is rows[2].tick
    assert rows[2].property("current") and not rows[0].property("current")
    qtbot.keyClick(rows[2].tick, Qt.Key.Key_Down)
    assert page.focusWidget() is rows[2].tick
    qtbot.keyClick(rows[2].tick, Qt.Key.Key_Up)
    assert page.focusWidget() is rows[0].tick
    assert page.view.items.targets() == (ITEMS[0],)


def test_ticked_lines_come_before_the_current_one(page, qtbot):
    page.open(1024)
    tick(page, 1)
    page.view.items.rows[0].tick.setFocus()
    assert page.view.items.targets() == (ITEMS[1],)


def test_a_cancellation_of_which_nothing_was_done_stays_open(page, service, qtbot):
    page.open(1024, Actor.buyer(12))
    tick(page, 0, 1)
    service.kept = UserError(ErrorCode.ITEM_SHIPPING)
    question = ask(page, qtbot)
    question.form.reason_field.line.setText("상자가 찢어짐")
    question.yes.click()
    assert question.isVisible() and question.reason == "상자가 찢어짐"
    assert question.notice.text().count("배송중인 상품입니다. (orderItem409_2)") == 2
    assert "핸드드립 서버 600ml: " in question.notice.text()
    service.kept = lambda number: refund(R.APPROVED, number)
    question.yes.click()
    assert not question.isVisible()
    assert [call[3] for call in service.actions()] == ["상자가 찢어짐"] * 4


DELIVERED = item(status=ItemStatus.DELIVERY_COMPLETE)


def delivered(*items) -> OrderHistory:
    return replace(history(), order=order_of(*(items or (DELIVERED,))), refunds=())


def request_of(of, kind=RequestKind.EXCHANGE, state=RequestState.WAIT) -> Request:
    return Request(1, kind, state, of.seller_id, of.buyer_id, of.id, of.order_id, "파손", NOW)


@pytest.fixture
def led_to(page) -> list[tuple[str, dict]]:
    """The pages that the order's page asks for."""
    seen: list[tuple[str, dict]] = []
    page.go_requested.connect(lambda name, given: seen.append((name, given)))
    return seen


@pytest.mark.parametrize("online", [True, False])
def test_f5_opens_the_request_of_the_current_line_as_its_buyer(
    page, histories, qtbot, led_to, online
):
    second = item(2049, "서버", status=ItemStatus.DELIVERY_COMPLETE)
    histories.found = delivered(DELIVERED, second)
    page.open(1024, Actor.seller(3))
    page.set_online(online)
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Down)
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_F5)
    assert led_to == [("buyer_request", {"actor": Actor.buyer(12), "item_id": 2049})]


def test_f5_takes_the_ticked_line_before_the_current_one(page, histories, qtbot, led_to):
    histories.found = delivered(DELIVERED, replace(DELIVERED, id=2049))
    page.open(1024)
    tick(page, 1)
    page.view.items.rows[0].tick.setFocus()
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_F5)
    assert led_to[0][1]["item_id"] == 2049


def test_f5_asks_for_one_line_of_several(page, histories, qtbot, led_to):
    histories.found = delivered(DELIVERED, replace(DELIVERED, id=2049))
    page.open(1024)
    tick(page, 0, 1)
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_F5)
    assert led_to == [] and "상품을 하나만 선택해 주세요" in page.view.banner.message


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (delivered(item()), "request409_2"),
        (replace(delivered(), requests=(request_of(DELIVERED),)), "request409_3"),
        (replace(delivered(), refunds=(refund(R.APPROVED),)), "refund409_2"),
        (replace(delivered(), buyer=None), "user404"),
    ],
)
def test_f5_says_why_no_request_can_be_made(page, histories, texts, qtbot, led_to, found, why):
    histories.found = found
    page.open(1024)
    qtbot.keyClick(page.focusWidget() or page, Qt.Key.Key_F5)
    assert led_to == []
    assert page.view.banner.message == texts(f"errors.{why}")
    texts.set_language("en")
    assert page.view.banner.message == texts(f"errors.{why}")


def test_a_request_that_is_over_hinders_no_other(page, histories, qtbot, led_to):
    old = request_of(DELIVERED, state=RequestState.CANCEL)
    histories.found = replace(delivered(), requests=(old,))
    page.open(1024)
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_F5)
    assert [name for name, _ in led_to] == ["buyer_request"]
    assert results(page) == [""]


def test_a_waiting_request_stands_at_its_line(page, histories, texts):
    waiting = request_of(DELIVERED, RequestKind.REFUND)
    histories.found = replace(delivered(), requests=(waiting,))
    page.open(1024)
    assert results(page) == ["환불 신청 대기"]
    assert page.view.items.rows[0].result.isVisible()


def test_a_request_made_on_another_page_is_shown_on_the_way_back(page, histories):
    histories.found = delivered()
    page.open(1024)
    page.hide()
    histories.found = replace(delivered(), requests=(request_of(DELIVERED),))
    page.status_changed()
    page.show()
    assert results(page) == ["교환 신청 대기"]


def test_an_order_in_doubt_shows_its_reason_in_place_of_its_actions(page, histories, led_to, qtbot):
    histories.found = replace(delivered(), doubt=ErrorCode.MONEY_IN_DOUBT)
    page.open(1024)
    for key in (Qt.Key.Key_F5, Qt.Key.Key_F7, Qt.Key.Key_F8):
        qtbot.keyClick(page, key)
    assert led_to == [] and page.view.items.doubt.isVisible()


def test_f7_leads_to_the_payment_of_an_unpaid_order(page, histories, qtbot, led_to):
    waiting = item(status=ItemStatus.WAITING_FOR_PAYMENT)
    histories.found = replace(history(), order=order_of(waiting), refunds=(), payments=())
    page.open(1024)
    items = page.view.items
    assert items.pay.isVisible() and not items.request.isVisible()
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_F5)
    assert led_to == []
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_F7)
    assert led_to == [("pay", {"actor": Actor.buyer(12), "order_id": 1024})]


def test_a_paid_order_and_one_of_0_won_are_not_paid(page, histories, qtbot, led_to):
    free = item(price=0, status=ItemStatus.WAITING_FOR_PAYMENT)
    unpaid = replace(history(), order=order_of(free), refunds=(), payments=())
    for found in (histories.found, unpaid):
        histories.found = found
        page.open(1024)
        qtbot.keyClick(page.focusWidget(), Qt.Key.Key_F7)
        assert led_to == [] and not page.view.items.pay.isVisible()


def test_unpaid_items_are_cancelled_without_a_refund(page, service, histories, qtbot):
    waiting = item(status=ItemStatus.WAITING_FOR_PAYMENT)
    histories.found = replace(history(), order=order_of(waiting), refunds=(), payments=())
    service.cancelled = replace(waiting, status=ItemStatus.CANCEL)
    page.open(1024, Actor.seller(3))
    assert page.view.items.button.text() == "주문취소"
    tick(page, 0)
    question = ask(page, qtbot)
    assert question.yes.text() == "18,000원 주문취소"
    assert "결제되지 않은 상품" in text_of(question)
    question.yes.click()
    assert service.actions() == [("cancel", Actor.seller(3), 2048, "")]
    assert results(page) == ["주문이 성공적으로 취소되었습니다"]


def test_repeated_presses_make_one_batch(qtbot, texts, theme, held, histories, service, rest):
    page = OrderScreen(texts, theme, held, histories, service, rest, Session())
    qtbot.addWidget(page)
    page.open(1024, Actor.buyer(12))
    held.held.pop()()
    page.show()
    tick(page, 0, 1)
    service.kept = lambda number: refund(R.APPROVED, number)
    question = agree(page, qtbot)
    question.yes.click()
    page.view.items.button.click()
    page.view.items.cancel_pressed.emit()
    assert len(held.held) == 1, "one after the other"
    assert page.view.busy.message == "2개 중 1번째를 처리하고 있습니다…"
    question.no.click()  # what was begun goes on
    page.view.items.cancel_pressed.emit()
    assert not [one for one in page.findChildren(CancelDialog) if one.isVisible()]
    held.held.pop()()
    held.held.pop()()
    assert [call[2] for call in service.actions()] == [2048, 2049]


def test_actor_is_the_seller_of_each_item_or_the_buyer(page, service, histories, qtbot):
    other = replace(ITEMS[1], seller_id=4)
    histories.found = replace(history(), order=order_of(ITEMS[0], other), refunds=())
    page.open(1024)
    service.kept = lambda number: refund(R.APPROVED, number)
    tick(page, 0, 1)
    question = ask(page, qtbot)
    assert question.who.seller.text() == "각 상품의 판매자" and question.who.seller.isChecked()
    assert "판매자에 의한 취소" in text_of(question)
    question.yes.click()
    question = ask(page, qtbot)
    question.who.buyer.click()
    assert "구매자에 의한 취소" in text_of(question)
    question.yes.click()
    assert [call[1:3] for call in service.actions()] == [
        (Actor.seller(3), 2048),
        (Actor.seller(4), 2049),
        (Actor.buyer(12), 2048),
        (Actor.buyer(12), 2049),
    ]
    page.open(1024, Actor.buyer(12))
    tick(page, 0)
    question = ask(page, qtbot)
    assert not question.who.seller.isVisible() and "구매자 12" in text_of(question)
    question.no.click()


PART = refund(R.REFUSED, gateway_code=-1, refused_as="partial")
OFFER = RemainderOffer(PART, PAYMENT, ITEMS[:2], Won(42_000))


def test_a_refused_part_offers_all_that_is_left(page, service, rest, histories, paid, qtbot):
    """KakaoPay takes no second partial cancel: F8 on the line asks about the whole rest."""
    histories.found = replace(paid, refunds=(CONFIRMED, PART))
    rest.offered, rest.kept = OFFER, replace(PART, id=8, state=R.APPROVED, item_id=None)
    page.open(1024)
    assert "남은 전액 취소" in results(page)[0]
    question = ask(page, qtbot)
    assert question.windowTitle() == "남은 상품 2개, 42,000원을 모두 결제취소할까요?"
    assert question.yes.text() == "42,000원 결제취소" and question.reason == "단순 변심"
    assert "핸드드립 서버 600ml" in text_of(question) and rest.calls == []
    question.yes.click()
    assert rest.calls == [(Actor.seller(3), 7, "단순 변심", Won(42_000))]
    assert service.actions() == [] and not question.isVisible()


def test_a_rest_that_is_refused_keeps_its_dialog(page, rest, histories, paid, qtbot):
    histories.found = replace(paid, refunds=(CONFIRMED, PART))
    rest.offered, rest.kept = OFFER, UserError(ErrorCode.REST_NOT_OFFERED)
    page.open(1024)
    question = agree(page, qtbot)
    assert question.isVisible() and "한 번에 취소할 수 없습니다" in question.notice.text()


@pytest.mark.parametrize("offered", [None, EnvironmentProblem(EnvironmentCode.DISK_FULL)])
def test_without_an_offer_the_line_is_tried_alone(page, service, rest, histories, paid, offered):
    histories.found = replace(paid, refunds=(CONFIRMED, PART))
    rest.offered = offered
    page.open(1024)
    page.view.items.button.click()
    question = page.findChild(CancelDialog)
    assert question.plan.rest is None and question.plan.items == (ITEMS[0],)


@pytest.mark.parametrize(
    ("actor", "items", "text"),
    [
        (Actor.buyer(12), ITEMS[:2], "판매자 번호와 주문상품번호 2048번"),
        (None, (ITEMS[0], replace(ITEMS[1], seller_id=4)), "다른 판매자의 상품"),
    ],
)
def test_who_cannot_cancel_the_rest_reads_who_can(page, rest, histories, paid, actor, items, text):
    histories.found = replace(paid, refunds=(CONFIRMED, PART))
    rest.offered = replace(OFFER, items=items)
    page.open(1024, actor)
    page.view.items.button.click()
    assert page.findChild(CancelDialog) is None
    assert text in page.view.banner.message


def test_another_order_closes_the_question(page, qtbot):
    page.open(1024)
    question = ask(page, qtbot)
    page.open(1025)
    assert not question.isVisible()


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("size", [(1024, 600), (1366, 768)])
def test_nothing_in_the_dialog_is_cut(page, texts, histories, qtbot, language, size):
    many = tuple(item(3000 + at, "이름이 아주 긴 상품 " * 5, 68_000, 12) for at in range(12))
    histories.found = replace(history(), order=order_of(*many), refunds=())
    texts.set_language(language)
    page.resize(*size)
    page.open(1024)
    tick(page, *range(12))
    question = ask(page, qtbot)
    assert question.height() <= size[1] - 32
    for label in question.findChildren(QLabel):
        if label.isVisible() and label.wordWrap():
            assert label.heightForWidth(label.width()) <= label.height(), label.text()
        elif label.isVisible():
            assert label.sizeHint().width() <= label.width(), label.text()
    for button in (question.no, question.yes):
        assert question.rect().contains(button.geometry())
        assert button.width() >= button.sizeHint().width()


def test_cancelled_or_refunding_item_cannot_be_ticked(page, histories):
    histories.found = replace(history(), refunds=(CONFIRMED, refund(R.UNKNOWN, 9)))
    page.open(1024, Actor.buyer(12))
    assert [row.tick.isEnabled() for row in page.view.items.rows] == [False, True, False]
    assert results(page)[0] == "확인 중"


def test_ticks_stay_when_the_order_is_read_again(page):
    page.open(1024, Actor.buyer(12))
    tick(page, 1)
    page.refund_changed(5)
    assert [row.is_ticked for row in page.view.items.rows] == [False, True, False]


def test_change_while_hidden_is_read_when_shown(page, histories):
    page.open(1024)
    page.hide()
    page.refund_changed(5)
    page.attempt_changed(2)
    assert histories.requested == [1024]
    page.show()
    assert histories.requested == [1024, 1024]


def test_unknown_order_shows_a_message_and_leads_home(page, histories, qtbot):
    homes = []
    page.home_requested.connect(lambda: homes.append(1))
    histories.found = UserError(ErrorCode.ORDER_UNKNOWN)
    page.open(LARGEST_ID)
    assert page.view.banner.message == "잘못된 주문번호 입니다."
    page.view.banner.acted.emit()
    assert homes == [1]


def paper_of(page, place: str):
    return next(one for one in page.papers if one.place == place)


def test_unconfirmed_slip_shows_that_nothing_is_refunded_yet(page, histories, paid):
    histories.found = replace(paid, refunds=(refund(R.APPROVED, 20),))
    page.open(1024)
    page.set_online(False)
    text = paper_of(page, "slip 20").text
    assert text.startswith("오늘의 커피\n환불 접수 (아직 환불되지 않음)\n")
    assert "아직 환불되지 않았습니다" in text
    assert "18,000원" in text and "[RF-9K2M0020]" in text


def test_confirmed_slip_shows_time_and_number(page):
    page.open(1024)
    rows = {line.text: line.value for line in paper_of(page, "slip 5").lines}
    assert rows["환불"] == "2026년 11월 23일 (월) 14:12:00"
    assert rows["취소번호"] == "cancel_20261123_01" and rows["상태"] == "환불 완료"


def test_papers_are_opened_on_their_page(page, qtbot, histories):
    page.open(1024)
    with qtbot.waitSignal(page.go_requested) as wanted:
        page.view.items.rows[2].slip.click()
    assert wanted.args == ["receipt", {"order_id": 1024, "paper": "slip 5"}]
    with qtbot.waitSignal(page.go_requested) as wanted:
        page.view.history.view.click()
    assert wanted.args == ["receipt", {"order_id": 1024, "paper": "receipt"}]
    histories.found = replace(history(), payments=())
    page.open(1024)
    with qtbot.waitSignal(page.go_requested) as wanted:
        page.view.history.view.click()
    assert wanted.args == ["receipt", {"order_id": 1024, "paper": "report"}]


def test_a_pdf_goes_to_the_shops_folder_which_is_named_and_opened(
    qtbot, texts, theme, instant, histories, service, tmp_path: Path, file_manager
):
    exports = tmp_path / "shop" / "exports"
    page = OrderScreen(
        *(texts, theme, instant, histories, service, FakeRest(), Session()),
        now=lambda: NOW,
        exports=exports,
    )
    qtbot.addWidget(page)
    said = []
    page.notified.connect(said.append)
    page.show()
    page.open(1024)
    with private_files():
        page.view.history.pdf.click()
    name = "영수증-1024.pdf"
    assert [one.name for one in exports.iterdir()] == [name]
    written = (exports / name).read_bytes()
    assert written.startswith(b"%PDF-") and len(written) > 2_000
    if os.name == "posix":
        assert stat.S_IMODE((exports / name).stat().st_mode) == 0o600
    assert page.view.saved.isVisible() and said == []
    saved = page.view.saved.message.replace("\u200b", "")
    assert saved == f"{name}에 저장했습니다. 폴더: {exports}"
    page.view.saved.button.click()
    assert file_manager.opened == [exports]
    page.open(1025)
    assert not page.view.saved.isVisible()


def test_a_pdf_that_cannot_be_written_is_reported_and_leaves_nothing(page, tmp_path: Path):
    page.open(1024)
    nowhere = tmp_path / "no such folder" / "x.pdf"
    page.paperwork.save_to(page.papers[0], nowhere)
    assert page.view.banner.tone == "error" and "env" not in page.view.banner.message
    with pytest.raises(EnvironmentProblem) as caught:
        save_pdf(PrintDocument("account 1024", "가", "나"), nowhere)
    assert caught.value.code is EnvironmentCode.READ_ONLY


def test_a_printer_gets_the_text(qapp, tmp_path: Path, texts):
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    print_paper(PrintDocument("account 1024", "주문 1024", order_report(texts, history())), printer)
    assert (tmp_path / "printed.pdf").stat().st_size > 2_000


def test_without_a_printer_another_way_is_named(page, monkeypatch):
    monkeypatch.setattr(print_controller, "default_printer", lambda: None)
    names = staticmethod(list)
    monkeypatch.setattr(print_controller.QPrinterInfo, "availablePrinterNames", names)
    said = []
    page.notified.connect(said.append)
    page.open(1024)
    page.view.history.print.click()
    assert said == ["연결된 프린터를 찾지 못했습니다. PDF로 저장해 주세요."]


def test_long_history_shows_its_newest_part_with_a_note(page, histories, texts):
    row = history().ledger[0]
    many = tuple(replace(row, seq=n) for n in range(1, 301))
    histories.found = replace(history(), ledger=many)
    page.open(1024)
    shown_rows = page.view.history.timeline.titles
    assert len(shown_rows) == timeline.MOST
    assert f"장부 {300}: 결제 완료" in order_report(texts, histories.found)


def test_a_low_page_opens_with_the_newest_event_of_its_history_whole(qtbot, page, histories):
    row = history().ledger[0]
    histories.found = replace(history(), ledger=tuple(replace(row, seq=n) for n in range(1, 31)))
    page.resize(1024, 440)
    page.open(1024)
    shown = page.view.history.timeline
    qtbot.waitUntil(lambda: shown.verticalScrollBar().maximum() > 0)
    first = shown.widget().layout().itemAt(0).widget()
    assert first.accessibleName() == shown.titles[0] != shown.titles[-1]
    assert first.visibleRegion().boundingRect() == first.rect()


def test_foreign_text_is_plain_everywhere_and_widens_nothing(page, histories, qtbot):
    nasty = "<h1>\x00\u202e" + "Z" * 9_000
    bad = item(name=nasty)
    reported = replace(CONFIRMED, item_id=2048, reason=nasty, gateway_message=nasty)
    buyer = replace(history().buyer, name=nasty)
    histories.found = replace(history(), order=order_of(bad), buyer=buyer, refunds=(reported,))
    page.open(1024)
    labels = page.findChildren(QLabel)
    assert all(label.textFormat() is not Qt.TextFormat.RichText for label in labels)
    foreign = [label for label in labels if "<h1>" in label.text()]
    assert len(foreign) >= 2 and "<h1>" in page.subtitle
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in foreign)
    assert all("\x00" not in label.text() and "\u202e" not in label.text() for label in labels)
    assert page.minimumSizeHint().width() <= 1366


def test_shown_text_is_one_line_cut_and_breakable():
    assert display_text("가\n나\t다\x00라\u200f") == "가 나 다 라"
    assert display_text("a" * 500, 100).replace("\u200b", "") == "a" * 99 + "…"
    assert max(len(part) for part in display_text("a" * 500, 400).split("\u200b")) == 40
    assert display_text(MERCHANT_UID.ljust(40, "x")) == MERCHANT_UID.ljust(40, "x")


def test_everything_on_it_has_a_name_and_can_be_reached_by_keys(page, qtbot):
    page.open(1024, Actor.buyer(12))
    items, card = page.view.items, page.view.history
    buttons = [items.button, card.copy, card.print, card.pdf, card.view]
    for row in items.rows:
        buttons += [row.tick, row.slip]
    for button in buttons:
        assert button.accessibleName() or button.isHidden()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert page.focusWidget() is items.rows[0].tick
    qtbot.keyClick(items.rows[0].tick, Qt.Key.Key_Space)
    assert items.ticked() == (ITEMS[0],)


def test_it_changes_language_while_it_is_up(page, texts):
    page.open(1024, Actor.buyer(12))
    texts.set_language("en")
    assert page.title == "Order 1024"
    assert page.view.items.rows[0].badge.label == "Paid"
    assert page.view.history.copy.text() == "Copy history"


@pytest.mark.parametrize("size", [(1024, 600), (1366, 768)])
def test_nothing_in_the_dialog_covers_another_part_after_another_language(page, texts, qtbot, size):
    """Four reasons have one line in Korean, and two in English."""
    page.resize(*size)
    page.open(1024)
    tick(page, 0)
    question = ask(page, qtbot)
    for language in ("en", "ko", "en"):
        texts.set_language(language)
        for _ in range(6):  # the layouts around a text hear of it one after the other
            QApplication.processEvents()
        assert problems(question) == [], language
