"""Painting of a page: the visible rows, in the theme's colours, elided where too long."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import THEMES, Theme
from posapp.ui.requests.paint_cache import FontCache
from posapp.ui.requests.request_row_text import REASON, TICK
from posapp.ui.requests.request_table_model import RequestTableModel
from posapp.ui.requests.request_table_view import ROW_HEIGHT, RequestTableView
from posapp.ui.requests.row_painter import BAR
from tests.ui.requests.desk_records import FakeClock, done, row

SIZE = (1200, 420)
GREY = QImage.Format.Format_Grayscale8


@pytest.fixture
def model(texts: Translator) -> RequestTableModel:
    return RequestTableModel(texts, FakeClock())


@pytest.fixture
def view(
    qtbot, model: RequestTableModel, texts: Translator, theme: Theme
) -> Iterator[RequestTableView]:
    view = RequestTableView(model, texts, theme)
    qtbot.addWidget(view)
    view.resize(*SIZE)
    view.show()
    yield view


def picture(view: RequestTableView) -> QImage:
    QApplication.processEvents()
    return view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def is_plain(image: QImage, top: int, height: int, colour: QColor) -> bool:
    """Whether there is only one colour between two heights."""
    return all(
        image.pixelColor(x, y) == colour
        for y in range(top, min(top + height, image.height()), 3)
        for x in range(0, image.width(), 3)
    )


def test_rows_are_painted_and_the_rest_is_plain_ground(view, model, theme) -> None:
    ground = theme.colour("surface-raised")
    assert is_plain(picture(view), 0, SIZE[1], ground)
    model.show_page([row(1), done(2)])
    image = picture(view)
    for at in range(2):
        top, height = view.rowViewportPosition(at), view.rowHeight(at)
        assert not is_plain(image, top + 8, height - 16, ground)
    end = view.rowViewportPosition(1) + view.rowHeight(1)
    assert is_plain(image, end + 1, SIZE[1], ground)
    model.show_page([])
    assert is_plain(picture(view), 0, SIZE[1], ground)


@pytest.mark.parametrize("name", THEMES)
def test_current_ticked_and_other_rows_differ(view, model, theme, qapp, name) -> None:
    theme.apply(qapp)
    theme.set_name(name)
    model.show_page([row(1), row(2), row(3)])
    view.select(1)
    model.set_checked(2, True)
    image = picture(view)
    for at, token in enumerate(("surface-raised", "selection", "accent-soft")):
        assert image.pixelColor(60, view.rowViewportPosition(at) + 8) == theme.colour(token)
    for at, is_current in enumerate((False, True, False)):
        middle = view.rowViewportPosition(at) + view.rowHeight(at) // 2
        bar = {image.pixelColor(x, middle).name() for x in range(BAR)}
        beside = image.pixelColor(BAR + 2, middle).name()
        assert (len(bar) == 1 and beside not in bar) == is_current


@pytest.mark.parametrize("name", THEMES)
def test_an_unticked_box_looks_empty_in_the_current_row_too(view, model, theme, qapp, name) -> None:
    theme.apply(qapp)
    theme.set_name(name)
    model.show_page([row(1), row(2)])
    boxes = {}
    for current in (0, 1):
        view.select(current)
        for ticked in (False, True):
            model.set_checked(0, ticked)
            cell = view.visualRect(model.index(0, TICK))
            at = QPoint(cell.center().x() + BAR, cell.center().y())
            boxes[current, ticked] = picture(view).copy(at.x() - 7, at.y() - 7, 14, 14)
    assert boxes[0, True] == boxes[1, True]
    assert boxes[0, False] == boxes[1, False]
    assert is_plain(boxes[0, False], 0, 14, theme.colour("surface-raised"))
    assert boxes[0, True].convertToFormat(GREY) != boxes[0, False].convertToFormat(GREY)


def test_a_press_within_a_touch_target_ticks(view, model) -> None:
    model.show_page([row(1), row(2)])
    for x, ticked in ((2, True), (46, False), (50, False)):
        middle = view.rowViewportPosition(1) + view.rowHeight(1) // 2
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, middle))
        assert model.is_ticked(1) == ticked


def test_a_scrolled_page_shows_its_last_rows(view, model) -> None:
    model.show_page([row(at, reason=f"사유 {at}") for at in range(1, 21)])
    first = picture(view)
    view.scrollToBottom()
    last = picture(view)
    assert last != first
    rows = view.verticalScrollBar().maximum() // ROW_HEIGHT
    assert rows > 0
    model.show_page([row(at, reason=f"사유 {at}") for at in range(1, 21)])
    view.scrollToTop()
    assert picture(view) == first


def test_a_row_that_changes_is_painted_again(view, model) -> None:
    model.show_page([row(1), row(2)])
    before = picture(view)
    model.update_row(done(2))
    after = picture(view)
    upper = (0, 0, before.width(), view.rowHeight(0) - 2)
    assert before.copy(*upper) == after.copy(*upper)
    assert before != after


def test_another_theme_is_applied_at_once(view, model, theme, qapp) -> None:
    theme.apply(qapp)
    model.show_page([row(1), done(2)])
    safety = picture(view)
    theme.set_name("dark")
    dark = picture(view)
    theme.set_name("light")
    assert dark.pixelColor(8, SIZE[1] - 60) != safety.pixelColor(8, SIZE[1] - 60)
    assert picture(view) == safety


CAPTIONS = (
    *("짧은 사유", "아주 긴 사유 " * 20, "متجر القهوة " * 20, "e\u0301" * 300),
    *("가" * 500, "🎁 선물 " * 40, ""),
)


@pytest.mark.parametrize("caption", CAPTIONS)
@pytest.mark.parametrize("room", [0, 40, 200])
def test_text_of_any_script_is_elided_to_its_width(qapp, caption, room) -> None:
    face = FontCache(QFont(qapp.font()))
    text = face.elided(caption, room)
    whole = QFontMetrics(face.font).horizontalAdvance(caption)
    if whole + 2 < room:
        assert text == caption
    elif whole > room + 2:
        assert text != caption or not caption
        assert face.laid(text).width <= max(room, face.laid("…").width) + 2
    assert face.is_wider(caption, room) == (whole > room)


@pytest.mark.parametrize("caption", CAPTIONS)
@pytest.mark.parametrize("room", [40, 200])
def test_text_of_any_script_is_broken_without_loss(qapp, caption, room) -> None:
    face = FontCache(QFont(qapp.font()))
    lines = face.lines(caption, room)
    assert "".join(lines).replace(" ", "") == caption.replace(" ", "")
    assert all(face.laid(line).width <= room + 2 for line in lines)
    assert len(lines) > 1 or not face.is_wider(caption, room)


def test_a_reason_that_resembles_markup_is_painted_as_it_is(view, model) -> None:
    model.show_page([row(1, reason="<b>굵게</b>")])
    marked = picture(view)
    model.show_page([row(1, reason="굵게")])
    cell = view.visualRect(model.index(0, REASON))
    assert marked.copy(cell) != picture(view).copy(cell)
