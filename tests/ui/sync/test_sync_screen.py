"""The sync page: its text, its actions, and its updates."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.modeltest import ModelTester
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
from posapp.ui.core.why_text import why_text
from posapp.ui.sync import sync_screen as sync_module
from posapp.ui.sync.sync_messages import event_text, next_text, time_text
from posapp.ui.sync.sync_screen import SyncScreen
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
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

SOME = (TRIED, SENDING, BEHIND, UNCLEAR)


@pytest.fixture
def texts(qapp) -> Translator:
    return Translator("ko", now=lambda: NOW)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk(a_report(SOME, recent=EVENTS))


@pytest.fixture
def screen(qtbot: QtBot, texts, theme, instant, clock, desk) -> SyncScreen:
    made = screen_of(texts, theme, instant, clock, desk)
    qtbot.addWidget(made)
    made.resize(1366, 670)
    made.refresh()
    made.show()
    qtbot.waitExposed(made)
    return made


def screen_of(texts, theme, runner, clock, desk) -> SyncScreen:
    reports = RecordReader(runner, desk.report, runner)
    return SyncScreen(texts, theme, runner, desk, reports, SESSION, clock)


def show(screen: SyncScreen, desk: FakeDesk, *arguments, **named) -> None:
    desk.found = a_report(*arguments, **named)
    screen.refresh()


def cells(screen: SyncScreen, at: int) -> list[tuple[str, str]]:
    model = screen.model
    indices = [model.index(at, column) for column in range(model.columnCount())]
    return [(index.data(), index.data(model.SecondRole)) for index in indices]


def choose(screen: SyncScreen, at: int) -> None:
    screen.view.table.setCurrentIndex(screen.model.index(at, 0))


def question_of(qtbot: QtBot, screen: QWidget) -> ConfirmDialog:
    (question,) = [one for one in screen.findChildren(ConfirmDialog) if one.isVisible()]
    qtbot.waitUntil(question.can_agree)
    return question


# Text


def test_each_row_shows_item_reason_age_and_next_try(screen):
    assert cells(screen, 0) == [
        ("에티오피아 예가체프 200g", "주문 1024 · 김서연"),
        ("전송 대기", "결제 서버가 제때 응답하지 않았습니다"),
        ("18,000원", "오늘 14:10부터"),
        ("12초 뒤", "3회 시도"),
    ]
    assert cells(screen, 1)[3] == ("전송 중", "1회 시도")
    assert cells(screen, 2)[1] == (
        "앞선 환불 대기",
        "같은 결제의 앞선 환불이 끝나면 보냅니다",
    )
    assert cells(screen, 3)[1] == ("결과 확인 중", "PortOne 서버 오류")
    assert screen.view.subtitle.text() == "미전송 환불 4건 · 64,500원"
    first = screen.model.index(0, 0)
    said = first.data(Qt.ItemDataRole.AccessibleTextRole)
    for part in ("김서연", "18,000원", "전송 대기", "12초 뒤"):
        assert part in said


def test_review_row_shows_its_reason(screen, desk):
    show(screen, desk, (PERSON, TAKEN, TRIED))
    assert cells(screen, 0)[0] == ("결제 전액", "주문 998 · 이하은")
    assert cells(screen, 0)[1] == ("확인 필요", PERSON.why)
    assert cells(screen, 1)[1] == ("확인 필요", "담당자가 수동 처리하기로 했습니다")
    assert cells(screen, 0)[3] == ("수동 처리", "12회 시도")
    assert "확인 필요 2건" in screen.view.subtitle.text()
    assert screen.view.status_strip.status_label.text() == "확인 필요 환불 2건"


def test_offline_rows_show_what_they_wait_for(screen, desk):
    show(screen, desk, (TRIED,), OFFLINE)
    assert cells(screen, 0)[1] == ("아직 환불되지 않음", "결제 서버에 연결되지 않았습니다")
    assert cells(screen, 0)[3][0] == "연결되면"
    facts = dict(screen.view.status_card.facts.rows)
    assert facts["네트워크"] == "결제 서버에 연결되지 않았습니다 · 오늘 14:18부터"


def test_a_captive_portal_is_named(screen, desk):
    show(screen, desk, (TRIED,), PORTAL)
    assert cells(screen, 0)[1][1] == "인터넷 로그인 필요"
    assert cells(screen, 0)[3][0] == "로그인하면"
    assert screen.view.status_strip.status_label.text() == "인터넷 로그인 필요 · 대기 1건"
    assert dict(screen.view.status_card.facts.rows)["네트워크"].startswith("인터넷 로그인 필요")


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
    _, text, _ = event_text(texts, SyncEventWithRefund(SyncEvent(NOW, what, count=3)))
    assert text and not text.startswith("sync.")


@pytest.mark.parametrize("reason", list(SafetyReason))
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_status_shows_close_safety_in_text(texts, reason, language):
    texts.set_language(language)
    assert texts.has(f"sync.light_{reason.value}") and texts.has(f"sync.safe_{reason.value}")


def test_events_are_listed_newest_first(screen):
    recent = screen.view.status_card.recent
    assert recent.item(0).text() == (
        "오늘 14:29  나중에 다시 시도\n주문 1024 · 18,000원 · 결제 서버가 제때 응답하지 않았습니다"
    )
    assert recent.item(1).text() == "오늘 14:26  환불 완료\n주문 1024 · 18,000원"
    assert recent.count() == len(EVENTS)


def test_comparing_and_copies_report_their_trouble(screen, desk):
    status = replace(WELL, reconcile_trouble="timeout", backup_trouble="disk_full")
    show(screen, desk, (), status, mismatches=2)
    facts = dict(screen.view.status_card.facts.rows)
    assert facts["PortOne 대조"] == "실패: 결제 서버가 제때 응답하지 않았습니다 · 오늘 14:24"
    assert facts["백업"] == "실패: 저장 공간이 부족합니다 · 오늘 13:59"
    assert facts["확인할 결제"] == "2건 · 66,000원"


def test_nothing_was_ever_received(screen, desk):
    show(screen, desk, (), SyncStatus())
    facts = dict(screen.view.status_card.facts.rows)
    assert (facts["네트워크"], facts["백업"]) == ("확인 전", "아직 없음")
    assert screen.view.status_strip.status_label.text() == "PortOne 대조 전"


def test_empty_page_shows_that_everything_is_sent(screen, desk):
    show(screen, desk, ())
    assert screen.view.empty.text() == "미전송 없음" and screen.view.empty.isVisible()
    assert not screen.view.table.isVisible() and not screen.view.try_now.isVisible()
    assert not screen.view.try_all.isVisible()
    assert screen.focusWidget() is screen.view.reconcile


def test_five_hundred_rows_are_shown_at_once_and_more_are_counted(screen, desk):
    rows = many(500)
    show(screen, desk, rows, totals=PendingTotals(640, 9_000_000))
    assert screen.model.rowCount() == 500
    assert screen.view.subtitle.text() == (
        "미전송 환불 640건 · 9,000,000원 · 먼저 확인할 500건만 표시합니다."
    )


def test_unreadable_records_are_reported_and_the_last_rows_stay(screen, desk):
    desk.found = EnvironmentProblem(EnvironmentCode.DATABASE_BUSY)
    screen.refresh()
    assert screen.view.banner.tone == "error"
    assert screen.model.rowCount() == 4
    desk.found = a_report(SOME)
    screen.refresh()
    assert not screen.view.banner.isVisible()


def test_it_changes_language_while_it_is_up(screen, texts):
    texts.set_language("en")
    assert cells(screen, 0)[3][0] == "in 12 s"
    assert screen.model.headerData(0, Qt.Orientation.Horizontal) == "Refund"


# What can be done


def test_a_waiting_row_is_sent_after_its_amount_was_seen(qtbot, screen, desk):
    said, followed = [], []
    screen.notified.connect(said.append)
    screen.sent.connect(followed.append)
    screen.view.try_now.click()
    assert desk.calls == [] and followed == []
    question = question_of(qtbot, screen)
    assert "18,000원" in question.windowTitle() and "18,000원" in question.yes.text()
    question.no.click()
    assert desk.calls == []
    screen.view.try_now.click()
    question_of(qtbot, screen).yes.click()
    assert desk.calls == [("try_now", 7)] and followed == [(7,)]
    assert said == ["먼저 결제를 조회합니다. 결과가 나오면 알려 드립니다."]


def test_everything_is_sent_after_the_sum_was_seen(qtbot, screen, desk):
    followed = []
    screen.sent.connect(followed.append)
    waiting = [row for row in screen.report.waiting if not row.needs_person]
    total = sum(int(row.amount) for row in waiting)
    screen.view.try_all.click()
    assert desk.calls == []
    question = question_of(qtbot, screen)
    assert f"{total:,}원" in question.windowTitle() and f"{len(waiting)}건" in question.yes.text()
    question.yes.click()
    assert desk.calls == [("try_all",)]
    assert followed == [tuple(row.refund_id for row in waiting)]


def test_comparing_is_requested(screen, desk):
    screen.view.reconcile.click()
    assert desk.calls == [("reconcile_now",)]


def test_taking_over_is_confirmed_once_more_with_amount_and_tag(qtbot, screen, desk):
    screen.view.take_over.click()
    assert desk.calls == [], "nothing is done before the question is answered"
    question = question_of(qtbot, screen)
    for part in ("18,000원", TRIED.tag, "김서연"):
        assert part in question.accessibleDescription()
    assert question.focusWidget() is question.no
    question.yes.click()
    assert desk.calls == [("take_over", 7)]


def test_requeueing_is_confirmed_once_more_and_esc_leaves_it(qtbot, screen, desk):
    show(screen, desk, (PERSON,))
    assert screen.view.requeue.isVisible() and not screen.view.try_now.isVisible()
    screen.view.requeue.click()
    qtbot.keyClick(question_of(qtbot, screen), Qt.Key.Key_Escape)
    assert desk.calls == []
    screen.view.requeue.click()
    question_of(qtbot, screen).yes.click()
    assert desk.calls == [("requeue", 10)]


def test_review_row_opens_its_evidence(screen, desk):
    show(screen, desk, (PERSON,))
    requested = []
    screen.go_requested.connect(lambda *where: requested.append(where))
    screen.view.evidence.click()
    assert requested == [("open_money", {"refund_id": 10})]


@pytest.mark.parametrize(("at", "enabled"), [(0, True), (1, False), (2, False), (3, True)])
def test_rows_in_progress_or_queued_offer_no_action(screen, at, enabled):
    choose(screen, at)
    assert screen.view.try_now.isEnabled() == enabled
    assert screen.view.take_over.isEnabled() == enabled
    if at == 2:
        assert "앞선 환불" in screen.view.take_over.toolTip()


def test_a_refusal_is_reported_where_the_person_is(qtbot, screen, desk):
    desk.refusal = UserError(ErrorCode.REFUND_NOT_WAITING)
    screen.view.try_now.click()
    question = question_of(qtbot, screen)
    question.yes.click()
    assert question.isVisible() and "담당자의 확인" in question.notice.text()
    screen.refresh()
    assert question.notice.text(), "a new reading does not wipe it away unread"
    desk.refusal = None
    question.yes.click()
    assert not question.isVisible(), "the same question can be answered again"


def test_repeated_presses_make_one_action(qtbot, texts, theme, held, clock, desk):
    screen = screen_of(texts, theme, held, clock, desk)
    qtbot.addWidget(screen)
    screen.refresh()
    held.held.pop()()
    for _ in range(3):
        screen.view.try_now.click()
    question_of(qtbot, screen).yes.click()
    assert len(held.held) == 1 and not screen.view.try_now.isEnabled()
    held.held.pop()()
    assert desk.calls == [("try_now", 7)]


def test_by_keys_alone(qtbot, screen, desk):
    with qtbot.waitActive(screen):
        screen.activateWindow()
    table = screen.view.table
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Up)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert screen.focusWidget() is screen.view.try_now
    for key in (Qt.Key.Key_F8, Qt.Key.Key_F6):
        qtbot.keyClick(screen, key)
        question_of(qtbot, screen).yes.click()
        with qtbot.waitActive(screen):
            screen.activateWindow()
    qtbot.keyClick(screen, Qt.Key.Key_F5)
    assert desk.calls == [("try_now", 7), ("try_all",), ("reconcile_now",)]
    qtbot.keyClick(screen, Qt.Key.Key_F7)
    question_of(qtbot, screen).reject()


def test_tab_reaches_every_control_and_leaves_the_table(qtbot, screen):
    with qtbot.waitActive(screen):
        screen.activateWindow()
    screen.view.table.setFocus()
    reached = set()
    for _ in range(12):
        reached.add(screen.focusWidget())
        qtbot.keyClick(screen.focusWidget(), Qt.Key.Key_Tab)
    layout = screen.view
    assert {
        layout.table,
        layout.try_now,
        layout.take_over,
        layout.try_all,
        layout.reconcile,
    } <= reached


def test_every_control_has_a_name_and_its_key_on_it(screen):
    buttons = [one for one in screen.findChildren(QAbstractButton) if one.isVisible()]
    assert len(buttons) >= 4 and all(one.accessibleName() for one in buttons)
    assert screen.view.table.accessibleName() and screen.view.status_strip.accessibleName()
    keys = {one.text() for one in screen.findChildren(QLabel) if one.property("role") == "key"}
    assert {"F5", "F6", "F7", "F8"} <= keys


def test_the_chosen_refund_stays_chosen_while_the_list_changes(screen, desk):
    choose(screen, 3)
    show(screen, desk, (PERSON, TRIED, UNCLEAR))
    assert screen.view.current() == UNCLEAR
    show(screen, desk, (PERSON, TRIED))
    assert screen.view.current() == TRIED, "the one in its place"


def test_the_model_keeps_qts_rules(screen, desk, qtmodeltester: ModelTester):
    qtmodeltester.check(screen.model)
    show(screen, desk, (TRIED,))
    qtmodeltester.check(screen.model)


# How it keeps up to date


def test_it_counts_down_and_reads_slowly_only_while_it_is_visible(qtbot, screen, desk, clock):
    before = desk.reads
    clock.advance(seconds=7)
    screen._count_down()
    assert cells(screen, 0)[3][0] == "5초 뒤" and desk.reads == before
    for _ in range(sync_module.SLOWLY):
        screen._count_down()
    assert desk.reads == before + 1
    assert screen._tick.isActive()
    screen.hide()
    assert not screen._tick.isActive()


def test_fault_72_answer_for_a_closed_page_is_dropped(qtbot, texts, theme, clock):
    """The action is still carried out: it went to the service, not to the widget."""
    from tests.ui.conftest import HeldRunner

    desk, held = FakeDesk(a_report(SOME)), HeldRunner()
    screen = screen_of(texts, theme, held, clock, desk)
    screen.refresh()
    held.held.pop()()
    screen.view.try_now.click()
    question_of(qtbot, screen).yes.click()
    screen.deleteLater()
    qtbot.waitSignal(screen.destroyed).wait()
    while held.held:
        held.held.pop()()
    assert desk.calls == [("try_now", 7)]


@pytest.mark.parametrize("name", ["light", "dark", "contrast"])
def test_it_is_painted_in_every_theme(screen, theme, name):
    theme.set_name(name)
    picture = screen.view.table.viewport().grab().toImage()
    assert picture.pixelColor(40, 90) != picture.pixelColor(40, 5) or name == "contrast"
    ground = picture.pixelColor(picture.width() - 3, picture.height() - 3).name()
    assert ground == theme.colour("surface-raised").name()


def test_long_foreign_text_does_not_widen_it(screen, desk):
    nasty = row(1, item_name="가" * 500, buyer_name="\u202e" + "x" * 500, why="<b>" + "Q" * 500)
    show(screen, desk, (nasty,))
    assert screen.minimumSizeHint().width() <= 1024
    assert "\u202e" not in cells(screen, 0)[0][1]


def test_yesterdays_refund_shows_yesterday(screen, desk):
    show(screen, desk, (row(1, since=NOW - timedelta(days=1)),))
    assert cells(screen, 0)[2][1] == "어제 14:30부터"
