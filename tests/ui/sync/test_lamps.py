"""The two lamps of the status line, which need no page: shape, text and colour of the records."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.ui.shell.main_window import MainWindow
from tests.ui.sync.pending_records import OFFLINE, PERSON, PORTAL, TRIED, WELL, a_report
from tests.ui.sync.test_close_guard import Till


@pytest.fixture
def till(qtbot, theme, instant) -> Till:
    return Till(qtbot, theme, instant)


@pytest.mark.parametrize(
    ("report", "tone", "text"),
    [
        (a_report(), "success", "미전송 없음"),
        (a_report((TRIED,)), "busy", "전송 대기 환불 1건"),
        (a_report(live=2), "busy", "결제 중인 QR 2건"),
        (a_report((), OFFLINE), "warning", "연결 안 됨 · 미전송 없음"),
        (a_report((TRIED,), OFFLINE), "warning", "연결 안 됨 · 대기 1건"),
        (a_report((), PORTAL), "warning", "인터넷 로그인 필요"),
        (a_report((), replace(WELL, backup_trouble="disk_full")), "error", "백업 실패"),
        (a_report((PERSON,)), "error", "확인 필요 환불 1건"),
    ],
)
def test_f11_names_the_gravest_by_shape_text_and_colour(till, report, tone, text):
    till.desk.found = report
    till.reports.refresh()
    assert (till.lamp.tone, till.lamp.text()) == (tone, text)
    assert till.lamp.property("tone") == tone
    assert till.lamp.accessibleDescription() and till.lamp.toolTip()


def test_a_missing_network_is_said_beside_something_graver(till):
    till.show((PERSON,), OFFLINE)
    assert till.lamp.tone == "error"
    assert "인터넷 연결이 끊겼습니다." in till.lamp.accessibleDescription()
    till.show((PERSON,))
    assert "인터넷 연결이 끊겼습니다." not in till.lamp.accessibleDescription()
    assert "퇴근 전에" in till.lamp.accessibleDescription()


def test_f12_counts_what_is_open_and_what_needs_staff(till):
    money = till.window.status_bar.open_money
    assert (money.tone, money.text()) == ("success", "미처리 금액 없음")
    till.show((TRIED, TRIED))
    assert (money.tone, money.text()) == ("busy", "환불 진행 2건")
    till.show((TRIED, PERSON), mismatches=2)
    assert (money.tone, money.text()) == ("error", "확인 필요 3건")


def test_records_that_cannot_be_read_turn_the_lamp_red(till):
    till.desk.found = EnvironmentProblem(EnvironmentCode.DATABASE_IO)
    till.reports.refresh()
    assert (till.lamp.tone, till.lamp.text()) == ("error", "저장 장치 확인 필요")
    till.show(())
    assert till.lamp.tone == "success"


def test_a_bug_while_reading_is_no_trouble_with_the_disk(till):
    till.desk.found = KeyError("a bug")
    till.reports.refresh()
    assert (till.lamp.tone, till.lamp.text()) == ("success", "미전송 없음")


def test_the_lamps_follow_the_language(till):
    till.show((TRIED,))
    till.texts.set_language("en")
    assert till.lamp.text() == "Refunds waiting: 1"
    assert till.window.status_bar.open_money.text() == "Refunds in progress: 1"


def test_the_lamp_opens_the_page_and_leads_back_by_click_and_key(qtbot, till):
    with qtbot.waitActive(till.window):
        till.window.activateWindow()
    assert till.window.made("sync") is None, "the lamps need no page"
    till.lamp.click()
    assert till.window.current == "sync"
    till.lamp.click()
    assert till.window.current == "home"
    for page in ("sync", "home"):
        qtbot.keyClick(till.window, Qt.Key.Key_F11)
        assert till.window.current == page


def test_nothing_moves_when_a_lamp_shines(qtbot, till, texts, theme):
    plain = MainWindow(texts, theme, shop="한빛상점", live=False)
    qtbot.addWidget(plain)
    plain.add_screen("home", QWidget())
    plain.show()
    QApplication.processEvents()  # a layout within another one asks for its place in turn
    assert plain.screen_named("home").geometry() == till.home.geometry()
