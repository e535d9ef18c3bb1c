"""What people read at the desk at five sizes, in both languages, with the longest data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from posapp.ui.requests.request_row_text import AMOUNT, BUYER, COLUMNS, PROCESSED, REASON
from posapp.ui.requests.row_picture import PADDING, RowPicture
from posapp.ui.requests.table_layout import MIDDLE, NARROW, REASON_WIDTH, ROOMY, WIDE, columns_for
from tests.ui.requests.conftest import Desk, painted_row
from tests.ui.requests.desk_records import SELLER, longest, row, story

SIZES = ((1024, 600), (1024, 768), (1366, 768), (1920, 1080), (1080, 1920))

LONG_NAMED = replace(SELLER, name="오늘도 좋은 커피 " * 50)

MAY_BE_CUT = ("buyer_name", "product_name", "reason", "note")


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    return request.param


@pytest.fixture(params=["ko", "en"])
def make_sized(make_desk, size, texts, request) -> Iterator[Callable[..., Desk]]:
    texts.set_language(request.param)

    def make(rows: list) -> Desk:
        desk: Desk = make_desk(rows=rows, size=size, seller=LONG_NAMED)
        assert (desk.window.width(), desk.window.height()) == size
        desk.wait(lambda: desk.screen.pages.total is not None)
        for _ in range(3):  # the counts change the widths of their labels
            QApplication.processEvents()
        return desk

    yield make
    texts.set_language("ko")


def pictures(desk: Desk) -> list[RowPicture]:
    return [painted_row(desk, at) for at in range(desk.screen.model.rowCount())]


@pytest.mark.parametrize("rows", [story, longest])
def test_nothing_that_decides_is_cut(make_sized, rows) -> None:
    desk = make_sized(rows())
    desk.screen.turning.set_size(20)
    desk.screen.view.view._measure_rest()
    desk.screen.view.view._measure_rest()
    model = desk.screen.model
    for at, picture in enumerate(pictures(desk)):
        request = model.row_at(at)
        whole = {getattr(request, name).strip() for name in MAY_BE_CUT}
        spoken = model.spoken_at(at)
        tips = "".join(str(model.index(at, one).data(3) or "") for one in range(len(COLUMNS)))
        for text in picture.cut:
            assert text.strip() in whole
            assert text.strip() in spoken
            assert without_blanks(text) in without_blanks(tips)


@pytest.mark.parametrize("rows", [story, longest])
def test_every_text_is_within_its_cell_and_its_row(make_sized, rows) -> None:
    desk = make_sized(rows())
    desk.screen.turning.set_size(20)
    desk.screen.view.view._measure_rest()
    desk.screen.view.view._measure_rest()
    view = desk.screen.view.view
    edges = [
        (view.columnViewportPosition(one.column), view.columnWidth(one.column))
        for one in view.painter_of_rows.columns
    ]
    for at, picture in enumerate(pictures(desk)):
        assert picture.texts
        for text in picture.texts:
            left = text.at.x()
            right = left + text.text.size().width()
            assert any(x <= left and right <= x + width for x, width in edges), text.text.text()
            assert picture.top + text.at.y() >= 0
            assert picture.top + text.at.y() + text.face.height <= view.rowHeight(at)


def test_the_reason_has_its_room_and_headings_are_whole(make_sized) -> None:
    desk = make_sized(story())
    view = desk.screen.view.view
    header = view.horizontalHeader()
    assert view.columnWidth(REASON) >= REASON_WIDTH
    for column in view.painter_of_rows.columns[1:]:
        lines = header.lines_of(column)
        metrics = QFontMetrics(header._cache.small_bold.font)
        assert len(lines) * metrics.height() <= header.height()
        for line in lines:
            assert metrics.horizontalAdvance(line) <= view.columnWidth(column.column) - 2 * PADDING


@pytest.mark.parametrize("rows", [story, longest])
def test_no_widget_cuts_its_text(make_sized, rows) -> None:
    desk = make_sized(rows())
    desk.screen.model.tick_all(True)
    for panel in (False, True):
        if panel:
            desk.screen.view.filters.open_panel()
        for _ in range(3):
            QApplication.processEvents()
        for widget in desk.screen.findChildren(QWidget):
            if not widget.isVisible() or not isinstance(widget, (QLabel, QAbstractButton)):
                continue
            assert is_whole(widget), (widget.text(), widget.size(), widget.sizeHint())
            assert_inside(widget, desk.screen)


def is_whole(widget: QLabel | QAbstractButton) -> bool:
    if not widget.text():
        return True  # an icon
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.heightForWidth(widget.width()) <= widget.height()
    hint = widget.minimumSizeHint()
    return hint.width() <= widget.width() and hint.height() <= widget.height()


def assert_inside(widget: QWidget, screen: QWidget) -> None:
    place = widget.rect().translated(widget.mapTo(screen, widget.rect().topLeft()))
    assert screen.rect().contains(place), (widget, widget.objectName(), place)


def test_the_buttons_of_a_row_hold_their_words(make_sized, texts) -> None:
    desk = make_sized(story())
    view = desk.screen.view.view
    font = view.font()
    font.setBold(True)
    column = view.painter_of_rows.columns[-1].column
    half = (view.columnWidth(column) - 2 * PADDING - 8) // 2
    assert half >= 48
    for word in ("approve", "reject"):
        assert QFontMetrics(font).horizontalAdvance(texts(f"requests.{word}")) <= half - 2 * PADDING


def test_a_long_reason_takes_the_height_that_is_free(make_sized, size) -> None:
    """C5: on a high screen no reason is cut above empty room."""
    rows = [row(at, reason=("포장이 찢어졌어요. " * 60)[:250]) for at in range(1, 6)]
    desk = make_sized(rows)
    view = desk.screen.view.view
    cut = any(one.cut for one in pictures(desk))
    total, room = sum(view.rowHeight(at) for at in range(5)), view.viewport().height()
    assert total <= max(room, 5 * view.verticalHeader().defaultSectionSize())
    assert not cut or total >= room
    assert not cut or size != (1080, 1920)


def test_rows_fill_the_height_where_the_page_follows_it(make_sized) -> None:
    desk = make_sized(story())
    view = desk.screen.view.view
    desk.screen.turning.set_size(None)
    QApplication.processEvents()
    count = desk.screen.model.rowCount()
    total = sum(view.rowHeight(at) for at in range(count))
    assert count == view.fitting_rows
    usual = view.verticalHeader().defaultSectionSize()
    least = [view.painter_of_rows.measure(at).least for at in range(count)]
    higher = sum(max(0, one - usual) for one in least)
    assert view.viewport().height() - count < total <= view.viewport().height() + higher
    assert higher or not view.verticalScrollBar().isVisible()


def without_blanks(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("width", "columns"), [(900, NARROW), (1144, MIDDLE), (1310, WIDE), (1864, ROOMY)]
)
def test_what_is_less_important_gives_way_first(width, columns) -> None:
    assert columns_for(width) is columns
    shown = [one.column for one in columns]
    assert (PROCESSED in shown, AMOUNT in shown, BUYER in shown) == (
        width > 1300,
        width > 1300,
        width > 1000,
    )
    parts = {part.column for one in columns for part in one.parts}
    assert {PROCESSED, AMOUNT, BUYER, REASON} <= parts  # in a shared cell, but there
