"""The columns of a two-line table are as wide as their texts; what is chosen is told once."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics

from posapp.ui.core.theme import COUNTER, KIOSK
from posapp.ui.widgets.rows_model import Cell, Column, RowsModel
from posapp.ui.widgets.two_line_table import TwoLineTable

WIDE = "배송이 완료된 주문"


@pytest.fixture
def model(texts):
    columns = [Column(texts.bind("words.today")), Column(texts.bind("words.today"), stretches=True)]
    return RowsModel(
        texts,
        columns,
        key_of=lambda row: row,
        describe=lambda row: (Cell(row, row, "success" if row.endswith("!") else ""), Cell("")),
        fetch=lambda: None,
    )


@pytest.fixture
def table(qtbot, theme, model):
    made = TwoLineTable(theme, model)
    qtbot.addWidget(made)
    made.resize(600, 300)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    theme.density = COUNTER


def room(table: TwoLineTable) -> int:
    """Width of the first column without its padding."""
    assert table.columnWidth(0) + table.columnWidth(1) == table.viewport().width()
    return table.columnWidth(0) - 24


def needed(table: TwoLineTable, text: str) -> int:
    bold = table._delegate.fonts(table.font())[0]
    return QFontMetrics(bold).horizontalAdvance(text)


def test_a_column_is_as_wide_as_its_widest_text(table, model):
    heading = room(table)
    model.show([WIDE, "짧음"], has_more=True)
    assert room(table) == needed(table, WIDE) > heading
    model.add([WIDE + "의 상품"], has_more=False)
    assert room(table) == needed(table, WIDE + "의 상품")
    model.show([WIDE + "!"], has_more=False)
    assert room(table) == needed(table, WIDE + "!") + 22 + 8, "the sign has room"
    table.resize(500, 300)
    assert room(table) == needed(table, WIDE + "!") + 22 + 8
    model.show([], has_more=False)
    assert room(table) == heading


def test_larger_letters_make_it_wider(table, model, theme):
    model.show([WIDE], has_more=False)
    before = room(table)
    theme.density = KIOSK
    assert room(table) == needed(table, WIDE) > before


def test_a_fresh_reading_tells_once_what_is_chosen(table, model):
    model.show(["하나", "둘"], has_more=False)
    table.select(1)
    told: list[object] = []
    table.chosen.connect(lambda: told.append(table.current))
    model.show(["새로", "하나", "둘"], has_more=False)
    assert told == ["둘"]
    model.show([], has_more=False)
    assert told == ["둘", None]
