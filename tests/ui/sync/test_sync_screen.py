"""The sync page: its text, its actions, and its updates."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from posapp.domain.errors import (
    EnvironmentCode,
    EnvironmentProblem,
    ErrorCode,
    GatewayCause,
    UserError,
)
from posapp.services.ports.outbox import PendingTotals
from posapp.services.runtime.status_store import SyncEvent, SyncEventKind, SyncStatus
from posapp.services.sync.close_safety import SafetyReason
from posapp.services.sync.sync_status import SyncEventWithRefund
from posapp.ui.core.i18n import Translator
from posapp.ui.core.record_reader import RecordReader
from posapp.ui.core.status_text import why_text
from posapp.ui.shell.routes import ROUTE
from posapp.ui.sync import sync_screen as sync_module
from posapp.ui.sync.status_panel import MOST_EVENTS
from posapp.ui.sync.sync_messages import event_text, next_text, time_text
from posapp.ui.sync.sync_screen import SyncScreen
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.entry_list import EntryModel
from tests.fakes.actors import SESSION
from tests.fakes.world import FakeClock
from tests.ui.sync.pending_records import (
    BEHIND,
    EVENTS,
    NOW,
    OFFLINE,
    PERSON,
    PORTAL,
    SENDING,
    TAKEN,
    TRIED,
    UNCLEAR,
    WELL,
    FakeDesk,
    a_report,
    many,
    row,
)
from tests.ui.sync.test_close_guard import Till

SOME = (TRIED, SENDING, BEHIND, UNCLEAR)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk(a_report(SOME, recent=EVENTS))


@pytest.fixture
def till(qtbot: QtBot, theme, instant, clock, desk) -> Till:
    made = Till(qtbot, theme, instant, desk, clock)
    made.window.resize(1366, 768)
    made.window.show_screen("sync")
    with qtbot.waitActive(made.window):
        made.window.activateWindow()
    return made


@pytest.fixture
def screen(till: Till) -> SyncScreen:
    return till.screen


def show(screen: SyncScreen, desk: FakeDesk, *arguments, **named) -> None:
    desk.found = a_report(*arguments, **named)
    screen.refresh()


def said(screen: SyncScreen, at: int) -> tuple[str, str, str, str]:
    """State, amount, subject and note of a row."""
    text = screen.view.model.index(at).data(EntryModel.TextRole)
    return text.state, text.amount, text.subject, text.note


def choose(screen: SyncScreen, at: int) -> None:
    screen.view.list.setCurrentIndex(screen.view.model.index(at))


def facts_of(screen: SyncScreen) -> dict[str, str]:
    return dict(screen.view.detail.facts.rows)


def question_of(qtbot: QtBot, screen: QWidget) -> ConfirmDialog:
    (question,) = [one for one in screen.findChildren(ConfirmDialog) if one.isVisible()]
    qtbot.waitUntil(question.can_agree)
    return question


def press(qtbot: QtBot, screen: SyncScreen, key: Qt.Key, *modifiers) -> None:
    with qtbot.waitActive(screen.window()):
        screen.window().activateWindow()
    qtbot.keyClick(QApplication.focusWidget() or screen.window(), key, *modifiers)


# Text


def test_each_row_shows_state_amount_item_and_next_try(screen):
    assert said(screen, 0) == (
        *("전송 대기", "18,000원"),
        *("주문 1024 · 에티오피아 예가체프 200g", "12초 뒤"),
    )
    assert said(screen, 1)[3] == "전송 중"
    assert said(screen, 2)[0] == "앞선 환불 대기"
    assert said(screen, 3)[0] == "결과 확인 중"
    assert screen.subtitle == "미전송 4건 · 64,500원"
    first = screen.view.model.index(0)
    spoken = first.data(Qt.ItemDataRole.AccessibleTextRole)
    for part in ("주문 1024", "18,000원", "전송 대기", "12초 뒤"):
        assert part in spoken


def test_the_details_say_why_since_when_and_how_often(screen):
    detail = screen.view.detail
    assert (detail.badge.label, detail.amount.text()) == ("전송 대기", "18,000원")
    assert detail.subject.text() == "주문 1024 · 김서연 · 에티오피아 예가체프 200g"
    assert detail.advice.text() == "결제 서버가 제때 응답하지 않았습니다"
    assert facts_of(screen) == {
        "다음 시도": "12초 뒤",
        "시도": "3회 시도",
        "접수": "오늘 14:10",
    }
    choose(screen, 2)
    assert detail.advice.text() == "같은 결제의 앞선 환불이 끝나면 보냅니다"
    choose(screen, 3)
    assert detail.advice.text() == "PortOne 서버 오류"


def test_review_row_shows_its_reason(screen, desk):
    show(screen, desk, (PERSON, TAKEN, TRIED))
    assert said(screen, 0) == ("확인 필요", "51,000원", "주문 998 · 결제 전액", "수동 처리")
    choose(screen, 1)
    assert screen.view.detail.advice.text() == "담당자가 수동 처리하기로 했습니다"
    choose(screen, 0)
    assert facts_of(screen)["시도"] == "12회 시도"
    assert screen.status_strip.status_label.text() == "확인 필요 환불 2건"


def test_portones_own_text_and_codes_are_shown_by_f3_only(qtbot, screen, desk):
    """The reason was PortOne's text with its code, on the page and beside each row."""
    show(screen, desk, (PERSON, TRIED))
    choose(screen, 0)
    shown = " ".join(one.text() for one in screen.findChildren(QLabel) if one.isVisible())
    assert "PG:9999" not in shown
    assert screen.view.detail.advice.text() == "PortOne의 응답을 담당자가 확인해야 합니다"
    press(qtbot, screen, Qt.Key.Key_F3)
    assert facts_of(screen)["PortOne의 응답"] == PERSON.why
    choose(screen, 1)
    assert facts_of(screen)["환불번호"] == TRIED.tag
    press(qtbot, screen, Qt.Key.Key_F3)
    assert "환불번호" not in facts_of(screen)


def test_staff_see_the_number_that_they_search_for(screen, desk):
    show(screen, desk, (PERSON,))
    assert facts_of(screen)["환불번호"] == PERSON.tag


def test_offline_rows_show_what_they_wait_for(screen, desk):
    show(screen, desk, (TRIED,), OFFLINE)
    assert (said(screen, 0)[0], said(screen, 0)[3]) == ("아직 환불되지 않음", "연결되면")
    assert screen.view.detail.advice.text() == "결제 서버에 연결되지 않았습니다"
    facts = dict(screen.status_panel.facts.rows)
    assert facts["네트워크"] == "결제 서버에 연결되지 않았습니다 · 오늘 14:18부터"


def test_a_captive_portal_is_named(screen, desk):
    show(screen, desk, (TRIED,), PORTAL)
    assert screen.view.detail.advice.text() == "인터넷 로그인 필요"
    assert said(screen, 0)[3] == "로그인하면"
    assert screen.status_strip.status_label.text() == "인터넷 로그인 필요 · 대기 1건"
    assert dict(screen.status_panel.facts.rows)["네트워크"].startswith("인터넷 로그인 필요")


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (-5_000, "지금"),
        (0, "지금"),
        (1, "1초 뒤"),
        (12_000, "12초 뒤"),
        (59_000, "59초 뒤"),
        (59_001, "1분 뒤"),
        (61_000, "2분 뒤"),
        (3_600_000, "1시간 뒤"),
    ],
)
def test_the_next_try_counts_down_in_text(texts, milliseconds, text):
    assert time_text(texts, milliseconds) == text


def test_before_comparing_nothing_is_promised(texts):
    assert next_text(texts, TRIED, replace(WELL, may_send=False), NOW) == "대조 후"


@pytest.mark.parametrize("cause", [*GatewayCause, *EnvironmentCode])
def test_every_cause_has_text(texts, cause):
    for language in ("ko", "en"):
        texts.set_language(language)
        assert texts.has(f"sync.why_{cause.value}")
        assert why_text(texts, cause.value) != cause.value


def test_portones_own_text_stays_plain_and_short(texts):
    said = why_text(texts, "<b>\x00\u202e" + "Q" * 9_000)
    assert said.startswith("<b>") and "\x00" not in said and "\u202e" not in said
    assert len(said) < 200


@pytest.mark.parametrize("what", list(SyncEventKind))
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_happening_has_text(texts, what, language):
    texts.set_language(language)
    text = event_text(texts, SyncEventWithRefund(SyncEvent(NOW, what, count=3)))
    assert text and not text.startswith("sync.")


@pytest.mark.parametrize("reason", list(SafetyReason))
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_status_shows_close_safety_in_text(texts, reason, language):
    texts.set_language(language)
    assert texts.has(f"sync.light_{reason.value}") and texts.has(f"sync.safe_{reason.value}")


def test_events_are_listed_newest_first(screen, desk):
    recent = screen.status_panel.recent.rows
    assert recent[0] == (
        "오늘 14:29",
        "나중에 다시 시도 · 주문 1024 · 18,000원 · 결제 서버가 제때 응답하지 않았습니다",
    )
    assert recent[1] == ("오늘 14:26", "환불 완료 · 주문 1024 · 18,000원")
    assert len(recent) == len(EVENTS)
    show(screen, desk, SOME, recent=EVENTS * 9)
    assert len(screen.status_panel.recent.rows) == MOST_EVENTS


def test_comparing_and_copies_report_their_trouble(screen, desk):
    status = replace(WELL, reconcile_trouble="timeout", backup_trouble="disk_full")
    show(screen, desk, (), status, mismatches=2)
    facts = dict(screen.status_panel.facts.rows)
    assert facts["PortOne 대조"] == "실패: 결제 서버가 제때 응답하지 않았습니다 · 오늘 14:24"
    assert facts["백업"] == "실패: 저장 공간이 부족합니다 · 오늘 13:59"
    assert facts["확인할 결제"] == "2건 · 66,000원"


def test_nothing_was_ever_received(screen, desk):
    show(screen, desk, (), SyncStatus())
    facts = dict(screen.status_panel.facts.rows)
    assert (facts["네트워크"], facts["백업"]) == ("확인 전", "아직 없음")
    assert screen.status_strip.status_label.text() == "PortOne 대조 전"


def test_empty_page_shows_that_everything_is_sent(qtbot, screen, desk):
    homes = []
    screen.home_requested.connect(lambda: homes.append(1))
    show(screen, desk, ())
    assert screen.view.empty.message == "미전송 없음" and screen.view.empty.isVisible()
    for part in (screen.view.list, screen.send, screen.try_all, screen.view.copy):
        assert not part.isVisible()
    assert screen.status_panel.isVisible() and screen.subtitle == ""
    assert QApplication.focusWidget() is screen.home
    press(qtbot, screen, Qt.Key.Key_Return)
    assert homes == [1]
    show(screen, desk, (TRIED,))
    assert QApplication.focusWidget() is screen.view.list


def test_five_hundred_rows_are_shown_at_once_and_more_are_counted(screen, desk):
    rows = many(500)
    show(screen, desk, rows, totals=PendingTotals(640, 9_000_000))
    assert screen.view.model.rowCount() == 500
    assert screen.subtitle == "미전송 500/640건 · 9,000,000원"


def test_unreadable_records_are_reported_and_the_last_rows_stay(screen, desk):
    desk.found = EnvironmentProblem(EnvironmentCode.DATABASE_BUSY)
    screen.refresh()
    assert screen.view.banner.tone == "error"
    assert screen.view.model.rowCount() == 4
    desk.found = a_report(SOME)
    screen.refresh()
    assert not screen.view.banner.isVisible()


def test_it_changes_language_while_it_is_up(till, screen):
    till.texts.set_language("en")
    assert said(screen, 0)[3] == "in 12 s"
    assert screen.send.text() == "Send now"
    assert screen.view.detail.facts.rows[0] == ("Next try", "in 12 s")
    assert screen.subtitle == "Unsent: 4 · ₩64,500"


# What can be done


def test_a_waiting_row_is_sent_after_its_amount_was_seen(qtbot, screen, desk):
    told, followed = [], []
    screen.notified.connect(told.append)
    screen.sent.connect(followed.append)
    press(qtbot, screen, Qt.Key.Key_F8)
    assert desk.calls == [] and followed == []
    question = question_of(qtbot, screen)
    assert "18,000원" in question.windowTitle() and "18,000원" in question.yes.text()
    question.no.click()
    assert desk.calls == []
    press(qtbot, screen, Qt.Key.Key_F8)
    question_of(qtbot, screen).yes.click()
    assert desk.calls == [("try_now", 7)] and followed == [(7,)]
    assert told == ["먼저 결제를 조회합니다. 결과가 나오면 알려 드립니다."]


def test_everything_is_sent_by_a_button_alone_after_the_sum_was_seen(qtbot, screen, desk):
    followed = []
    screen.sent.connect(followed.append)
    waiting = [row for row in screen.report.waiting if not row.needs_person]
    total = sum(int(row.amount) for row in waiting)
    assert screen.try_all.key == ""
    press(qtbot, screen, Qt.Key.Key_F6)
    assert screen.findChildren(ConfirmDialog) == []
    screen.try_all.click()
    assert desk.calls == []
    question = question_of(qtbot, screen)
    assert f"{total:,}원" in question.windowTitle() and f"{len(waiting)}건" in question.yes.text()
    question.yes.click()
    assert desk.calls == [("try_all",)]
    assert followed == [tuple(row.refund_id for row in waiting)]


def test_comparing_is_requested(qtbot, screen, desk):
    press(qtbot, screen, Qt.Key.Key_F5)
    assert desk.calls == [("reconcile_now",)]


def test_taking_over_is_confirmed_once_more_with_amount_and_tag(qtbot, screen, desk):
    press(qtbot, screen, Qt.Key.Key_F7)
    assert desk.calls == [], "nothing is done before the question is answered"
    question = question_of(qtbot, screen)
    for part in ("18,000원", TRIED.tag, "김서연"):
        assert part in question.accessibleDescription()
    assert question.focusWidget() is question.no
    question.yes.click()
    assert desk.calls == [("take_over", 7)]


def test_requeueing_is_confirmed_once_more_and_esc_leaves_it(qtbot, screen, desk):
    show(screen, desk, (PERSON,))
    assert screen.send.isVisible() and not screen.take_over.isVisible()
    press(qtbot, screen, Qt.Key.Key_F8)
    question = question_of(qtbot, screen)
    assert "51,000원" in question.accessibleDescription() and "51,000원" in question.yes.text()
    qtbot.keyClick(question, Qt.Key.Key_Escape)
    assert desk.calls == []
    press(qtbot, screen, Qt.Key.Key_F8)
    question_of(qtbot, screen).yes.click()
    assert desk.calls == [("requeue", 10)]


def test_review_row_opens_its_evidence_and_any_row_its_order(qtbot, screen, desk):
    show(screen, desk, (PERSON, TRIED))
    choose(screen, 0)
    requested = []
    screen.go_requested.connect(lambda *where: requested.append(where))
    screen.evidence.click()
    press(qtbot, screen, Qt.Key.Key_Return)
    choose(screen, 1)
    assert not screen.evidence.isVisible()
    screen.view.detail.order.click()
    assert requested == [
        ("open_money", {"refund_id": 10}),
        ("order", {"order_id": 998}),
        ("order", {"order_id": 1024}),
    ]


@pytest.mark.parametrize(("at", "enabled"), [(0, True), (1, False), (2, False), (3, True)])
def test_rows_in_progress_or_queued_offer_no_action(screen, at, enabled):
    choose(screen, at)
    assert screen.send.isEnabled() == enabled
    assert screen.take_over.isEnabled() == enabled
    if at == 2:
        assert "앞선 환불" in screen.take_over.toolTip()


def test_a_refusal_is_reported_where_the_person_is(qtbot, screen, desk):
    desk.refusal = UserError(ErrorCode.REFUND_NOT_WAITING)
    press(qtbot, screen, Qt.Key.Key_F8)
    question = question_of(qtbot, screen)
    question.yes.click()
    assert question.isVisible() and "기다리는 환불이 아닙니다" in question.notice.text()
    question.no.click()
    assert desk.calls == [("try_now", 7)] and screen.send.isEnabled()
    screen.reconcile.click()
    assert screen.view.banner.tone == "error"
    screen.refresh()
    assert screen.view.banner.isVisible(), "a new reading does not wipe it away unread"


def test_repeated_presses_make_one_action(qtbot, theme, held, clock, desk):
    till = Till(qtbot, theme, held, desk, clock)
    held.held.pop()()
    till.window.show_screen("sync")
    held.held.pop()()
    for _ in range(3):
        till.screen.send.click()
    question_of(qtbot, till.screen).yes.click()
    assert len(held.held) == 1 and not till.screen.send.isEnabled()
    held.held.pop()()
    assert desk.calls == [("try_now", 7)]


def test_the_keys_of_its_buttons_are_those_of_its_route(screen):
    buttons = [*screen.findChildren(Button), *screen.view.head.findChildren(Button)]
    keys = {one.key for one in buttons}
    assert keys - {"", "Enter"} == {use.key for use in ROUTE["sync"].keys}


def test_ctrl_c_copies_all_that_is_known_of_a_refund(qtbot, screen, desk):
    show(screen, desk, (PERSON,))
    told = []
    screen.notified.connect(told.append)
    press(qtbot, screen, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text()
    for part in ("확인 필요", "51,000원", "주문 998", PERSON.tag, "[PG:9999]", "12회"):
        assert part in copied
    assert told == ["복사했습니다."]


def test_tab_reaches_every_control_and_leaves_the_list(qtbot, screen):
    screen.view.list.setFocus()
    reached = set()
    for _ in range(24):
        reached.add(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    view = screen.view
    assert {
        *(view.list, view.more, view.copy, view.detail.order, view.area),
        *(screen.send, screen.take_over, screen.try_all, screen.reconcile),
    } <= reached


def test_every_control_has_a_name(screen):
    buttons = [one for one in screen.findChildren(QAbstractButton) if one.isVisible()]
    assert len(buttons) >= 4 and all(one.accessibleName() for one in buttons)
    assert screen.view.list.accessibleName() and screen.status_strip.accessibleName()


def test_the_chosen_refund_stays_chosen_while_the_list_changes(screen, desk):
    choose(screen, 3)
    show(screen, desk, (PERSON, TRIED, UNCLEAR))
    assert screen.view.current == UNCLEAR
    show(screen, desk, (PERSON, TRIED))
    assert screen.view.current == TRIED, "the one in its place"


# How it keeps up to date


def test_a_hidden_page_shows_nothing_anew_and_the_newest_when_it_is_back(till, screen, desk):
    till.window.show_screen("home")
    desk.found = a_report((PERSON,))
    till.reports.refresh()
    assert screen.view.model.rowCount() == 4
    till.window.show_screen("sync")
    assert screen.view.current == PERSON


def test_it_counts_down_and_reads_slowly_only_while_it_is_visible(qtbot, screen, desk, clock):
    before = desk.reads
    clock.advance(seconds=7)
    screen._count_down()
    assert said(screen, 0)[3] == "5초 뒤" and desk.reads == before
    assert facts_of(screen)["다음 시도"] == "5초 뒤"
    for _ in range(sync_module.SLOWLY):
        screen._count_down()
    assert desk.reads == before + 1
    assert screen._tick.isActive()
    screen.hide()
    assert not screen._tick.isActive()


def test_fault_72_answer_for_a_closed_page_is_dropped(qtbot, theme, held, clock):
    """The action is still carried out: it went to the service, not to the widget."""
    desk = FakeDesk(a_report(SOME))
    texts = Translator("ko", now=lambda: NOW)
    reports = RecordReader(held, desk.report, held)
    screen = SyncScreen(texts, theme, held, desk, reports, SESSION, clock)
    screen.show()
    held.held.pop()()
    screen.send.click()
    question_of(qtbot, screen).yes.click()
    screen.deleteLater()
    qtbot.waitSignal(screen.destroyed).wait()
    while held.held:
        held.held.pop()()
    assert desk.calls == [("try_now", 7)]


def test_yesterdays_refund_shows_yesterday(screen, desk):
    show(screen, desk, (row(1, since=NOW - timedelta(days=1)),))
    assert facts_of(screen)["접수"] == "어제 14:30"
