"""The page of an order's papers in the real window: its keys, its prints and its geometry (C6)."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from posapp.domain.refunds import RefundState
from posapp.services.bookkeeping.print_log import order_report_key, receipt_key
from posapp.ui.core.i18n import LANGUAGES
from posapp.ui.core.theme import THEMES
from posapp.ui.printing import print_controller
from posapp.ui.shell.routes import COUNTER_SIZES
from tests.ui.cancel.pdf_text import PdfText, pdf_printer
from tests.ui.counter.test_scans_at_the_counter import orders_of
from tests.ui.geometry import problems
from tests.ui.scanner.typing_hands import HAND_MS

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SMALLEST_TEXT = 14
"""Smallest text on a paper, in pixels."""


@pytest.fixture
def counter(shared_from_home):
    return shared_from_home


@pytest.fixture
def files(tmp_path, monkeypatch):
    """The files that the default printer writes, one for each print."""
    written = []

    def default_printer():
        written.append(tmp_path / f"{len(written) + 1}.pdf")
        return pdf_printer(written[-1])

    monkeypatch.setattr(print_controller, "default_printer", default_printer)
    return written


@pytest.fixture
def long_order(counter):
    """A paid order of which only a part is on the smallest screen."""
    return max(orders_of(counter, paid=True), key=lambda one: len(one.items))


@pytest.fixture
def slip(counter):
    """The order and the place of a confirmed refund's slip."""
    with counter.demo.container.store.snapshot() as uow:
        for number in range(1200, 1000, -1):
            for refund in uow.refunds.for_order(number):
                if refund.state is RefundState.CONFIRMED:
                    return {"order_id": number, "paper": f"slip {refund.id}"}
    raise AssertionError("the demo shop has no confirmed refund")


def show(qtbot, counter, order_id: int, paper: str = "receipt"):
    counter.screens.open("receipt", {"order_id": order_id, "paper": paper})
    page = counter.screens.page("receipt")
    settle(qtbot, counter)
    assert page.current is not None
    return page


def settle(qtbot, counter) -> None:
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    for _ in range(3):
        QApplication.processEvents()


def press(counter, keyboard, key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    keyboard.now += HAND_MS
    QTest.keyClick(QApplication.focusWidget() or counter.window, key, modifiers)
    counter._scans.flush()
    QApplication.processEvents()


def stops(page: QWidget) -> list[QWidget]:
    """Everything on the page that Tab reaches."""
    found = [
        one
        for one in page.findChildren(QWidget)
        if one.isVisible() and one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert len(found) >= 6
    return found


def printed(counter, key: str, order_id: int) -> int:
    record = counter.demo.container.order_history_service.for_order(order_id).printed.get(key)
    return record.times if record is not None else 0


def test_keys_scroll_the_paper_and_the_focus_stays_on_the_page(
    qtbot, counter, keyboard, long_order
):
    page = show(qtbot, counter, long_order.id)
    bar = page.view.area.verticalScrollBar()
    assert bar.maximum() > 0 and QApplication.focusWidget() is page.view.area
    for place in stops(page):
        bar.setValue(0)
        place.setFocus()
        seen = [bar.value()]
        for key in (KEY.Key_Down, KEY.Key_PageDown, KEY.Key_End):
            press(counter, keyboard, key)
            seen.append(bar.value())
        assert seen == sorted(seen) and seen[1] > 0 and seen[-1] == bar.maximum(), place
        for key in (KEY.Key_Up, KEY.Key_PageUp, KEY.Key_Home):
            press(counter, keyboard, key)
        assert bar.value() == 0 and QApplication.focusWidget() is place
        bar.setValue(1)
        press(counter, keyboard, KEY.Key_Up)
        assert bar.value() == 0


def test_no_arrow_leaves_the_page_and_enter_changes_nothing_but_the_page(
    qtbot, counter, keyboard, long_order
):
    page, language = show(qtbot, counter, long_order.id), counter.texts.language
    for key in (KEY.Key_Right, KEY.Key_Left, KEY.Key_Down, KEY.Key_Up):
        for place in stops(page):
            place.setFocus()
            for _ in range(8):
                press(counter, keyboard, key)
                assert page.isAncestorOf(QApplication.focusWidget()), (place, key)
    page.view.area.setFocus()
    press(counter, keyboard, KEY.Key_Return)
    assert counter.texts.language == language and counter.window.current == "home"


@pytest.mark.parametrize("key", [KEY.Key_Return, KEY.Key_Enter, KEY.Key_Escape])
def test_enter_and_esc_lead_to_where_the_page_was_opened(qtbot, counter, keyboard, long_order, key):
    counter.screens.open_history(long_order.id)
    settle(qtbot, counter)
    order = counter.screens.page("order")
    qtbot.mouseClick(order.view.history.view, Qt.MouseButton.LeftButton)
    settle(qtbot, counter)
    assert counter.window.current == "receipt"
    press(counter, keyboard, key)
    assert counter.window.current == "order"


def test_ctrl_p_prints_at_once_and_once_and_the_next_one_is_a_copy(
    qtbot, counter, keyboard, files, long_order
):
    page = show(qtbot, counter, long_order.id)
    for at in (1, 2):
        press(counter, keyboard, KEY.Key_P, CONTROL)
        settle(qtbot, counter)
        assert len(files) == at and QApplication.activeModalWidget() is None
        assert printed(counter, receipt_key(long_order.id), long_order.id) == at
        assert page.view.paper.mark_frame.isVisible()
    first, second = ("".join(PdfText(file).pages) for file in files)
    assert f"주문번호:{long_order.id}" in first and "사본" not in first
    assert second.startswith("사본(COPY)2번째출력") and second.endswith(first[-40:])
    assert counter.window.current == "receipt"
    counter.screens.open_history(long_order.id)
    settle(qtbot, counter)
    titles = counter.screens.page("order").view.history.timeline.titles
    assert [title for title in titles if "영수증 출력 (2회)" in title]


def test_the_report_has_prints_of_its_own(qtbot, counter, keyboard, files, long_order):
    page = show(qtbot, counter, long_order.id, "report")
    press(counter, keyboard, KEY.Key_P, CONTROL)
    settle(qtbot, counter)
    assert printed(counter, order_report_key(long_order.id), long_order.id) == 1
    assert "처리이력" in "".join(PdfText(files[0]).pages)
    assert page.view.paper.mark_frame.isVisible()


def test_a_scan_on_the_page_opens_that_order_and_presses_nothing(
    qtbot, counter, keyboard, files, long_order
):
    others = (one for one in orders_of(counter, paid=True) if one.id != long_order.id)
    other, page = next(others), show(qtbot, counter, long_order.id)
    for place in stops(page):
        show(qtbot, counter, long_order.id)
        place.setFocus()
        keyboard.scan(f"PO{other.id}")
        qtbot.waitUntil(lambda: counter.window.current == "order")
        settle(qtbot, counter)
        assert counter.screens.page("order").title == f"주문 {other.id}"
        assert files == []
        counter.go_home()
        counter._scans.flush()


@pytest.mark.parametrize("place", ["receipt", "report", "slip"])
def test_every_paper_is_whole_at_every_size(qtbot, counter, long_order, slip, place):
    given = slip if place == "slip" else {"order_id": long_order.id, "paper": place}
    page = show(qtbot, counter, **given)
    page.view.saved.show_saved(lambda: "저장", counter._exports)
    bar, found = page.view.area.verticalScrollBar(), []
    for language in LANGUAGES:
        counter.texts.set_language(language)
        for size in COUNTER_SIZES:
            counter.window.resize(*size)
            settle(qtbot, counter)
            found += [f"{language} {size} {one}" for one in problems(counter.window)]
            if page.view.area.horizontalScrollBar().maximum():
                found.append(f"{language} {size} is wider than its place")
            bar.setValue(bar.maximum())
            last = page.view.paper.mapTo(page, page.view.paper.rect().bottomLeft())
            if not page.rect().contains(last):
                found.append(f"{language} {size} its end cannot be reached")
    page.view.saved.clear()
    assert found == []


def test_text_is_large_enough_and_paper_has_the_themes_white(qtbot, counter, long_order, slip):
    for given in ({"order_id": long_order.id}, slip):
        page = show(qtbot, counter, **given)
        for theme in THEMES:
            counter.theme.set_name(theme)
            settle(qtbot, counter)
            for label in page.view.paper.findChildren(QLabel):
                size = QFontInfo(label.font()).pixelSize()
                assert not label.isVisible() or size >= SMALLEST_TEXT, label.text()
            picture = page.view.paper.grab().toImage()
            white = counter.theme.colour("surface-raised")
            assert picture.pixelColor(picture.width() // 2, 12) == white, theme
