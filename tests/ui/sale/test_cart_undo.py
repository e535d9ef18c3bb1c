"""Ctrl+Z takes back what was removed, cleared or put on hold, for five seconds."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from tests.pictures.visits import BREAD, CAKE, UNKNOWN
from tests.ui.sale.test_sale_screen import CONTROL, KEY, lines, settle


def undo(qtbot, counter, page, press) -> None:
    press(KEY.Key_Z, CONTROL)
    settle(qtbot, counter, page)


def offered(counter) -> str:
    return counter.window.status_bar.undo.message


def test_a_removed_line_is_back(qtbot, counter, page, scan, press):
    scan(BREAD, BREAD, CAKE)
    press(KEY.Key_Up)
    press(KEY.Key_Delete)
    settle(qtbot, counter, page)
    assert lines(page) == [("딸기 생크림 케이크 2호", 1)] and offered(counter) == "소금빵 삭제"
    undo(qtbot, counter, page, press)
    assert lines(page) == [("딸기 생크림 케이크 2호", 1), ("소금빵", 2)]
    assert offered(counter) == ""


def test_the_newest_is_taken_back_first(qtbot, counter, page, scan, press):
    scan(BREAD, CAKE, UNKNOWN)
    for _ in range(3):
        press(KEY.Key_Delete)
        settle(qtbot, counter, page)
    assert lines(page) == []
    for _ in range(3):
        undo(qtbot, counter, page, press)
    assert [name for name, _ in lines(page)] == ["소금빵", "딸기 생크림 케이크 2호", UNKNOWN]


def test_a_cleared_sale_is_back(qtbot, counter, page, scan, press):
    scan(BREAD, CAKE, BREAD)
    press(KEY.Key_Delete, CONTROL)
    dialog = QApplication.activeModalWidget()
    qtbot.waitUntil(lambda: dialog.yes.isEnabled())
    dialog.agreed.emit()
    dialog.reject()
    settle(qtbot, counter, page)
    assert lines(page) == [] and offered(counter) == "2줄을 모두 삭제"
    undo(qtbot, counter, page, press)
    assert lines(page) == [("소금빵", 2), ("딸기 생크림 케이크 2호", 1)]
    assert page.view.payable.text() == "44,400원"


def test_a_sale_on_hold_is_back(qtbot, counter, page, scan, press):
    scan(BREAD)
    press(KEY.Key_F3)
    settle(qtbot, counter, page)
    assert offered(counter) == "판매 보류" and page.view.hold.text() == "보류 1건"
    undo(qtbot, counter, page, press)
    assert lines(page) == [("소금빵", 1)] and page.view.hold.text() == "보류"


def test_it_is_refused_beside_a_sale_that_was_begun(qtbot, counter, page, scan, press):
    scan(BREAD)
    press(KEY.Key_F3)
    settle(qtbot, counter, page)
    scan(CAKE)
    undo(qtbot, counter, page, press)
    assert lines(page) == [("딸기 생크림 케이크 2호", 1)]
    assert "지금 판매를 먼저 끝내거나 보류해 주세요." in page.view.said.text()


def test_nothing_is_taken_back_for_another_person(qtbot, counter, page, scan, press):
    scan(BREAD, CAKE)
    press(KEY.Key_Delete)
    settle(qtbot, counter, page)
    page.staff_changed()
    assert offered(counter) == ""
