"""Painting of a page: the visible rows, in the theme's colours, elided where too long."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage
from PySide6.QtWidgets import QApplication

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.requests.paint_cache import FontCache
from posapp.ui.requests.request_row_text import REASON
from posapp.ui.requests.request_table_model import RequestTableModel
from posapp.ui.requests.request_table_view import ROW_HEIGHT, RequestTableView
from tests.ui.requests.desk_records import FakeClock, done, row

SIZE = (1200, 420)


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
        assert not is_plain(image, at * ROW_HEIGHT + 8, ROW_HEIGHT - 16, ground)
    assert is_plain(image, 2 * ROW_HEIGHT + 1, SIZE[1], ground)
    model.show_page([])
    assert is_plain(picture(view), 0, SIZE[1], ground)


def test_the_row_under_the_cursor_and_the_ticked_one_stand_out(view, model, theme) -> None:
    model.show_page([row(1), row(2), row(3)])
    view.select(1)
    model.set_checked(2, True)
    image, middle = picture(view), ROW_HEIGHT // 2
    for at, token in enumerate(("surface-raised", "selection", "accent-soft")):
        assert image.pixelColor(8, at * ROW_HEIGHT + middle) == theme.colour(token)


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
    upper = (0, 0, before.width(), ROW_HEIGHT - 2)
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


@pytest.mark.parametrize(
    "caption",
    ["짧은 사유", "아주 긴 사유 " * 20, "متجر القهوة " * 20, "e\u0301" * 300, "가" * 500, ""],
)
@pytest.mark.parametrize("room", [0, 40, 200])
def test_text_of_any_script_is_elided_to_its_width(qapp, caption, room) -> None:
    face = FontCache(QFont(qapp.font()))
    text, width = face.laid(caption, room)
    whole = QFontMetrics(face.font).horizontalAdvance(caption)
    if whole + 2 < room:
        assert text.text() == caption
    elif whole > room + 2:
        assert text.text() != caption or not caption
        assert width <= max(room, QFontMetrics(face.font).horizontalAdvance("…")) + 2
    assert face.is_wider(caption, room) == (whole > room)


def test_a_reason_that_resembles_markup_is_painted_as_it_is(view, model) -> None:
    model.show_page([row(1, reason="<b>굵게</b>")])
    marked = picture(view)
    model.show_page([row(1, reason="굵게")])
    cell = view.visualRect(model.index(0, REASON))
    assert marked.copy(cell) != picture(view).copy(cell)
