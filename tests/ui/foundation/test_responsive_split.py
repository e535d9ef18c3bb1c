"""One split of pages: side by side where there is room, else one above the other."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QScrollArea, QWidget

from posapp.ui.widgets.responsive_split import GAP, ResponsiveSplit


def split_of(qtbot, **how) -> tuple[ResponsiveSplit, QWidget, QWidget]:
    split, left, right = ResponsiveSplit(**how), QWidget(), QWidget()
    split.add(left, 2, above=1)
    split.add(right, 1)
    qtbot.addWidget(split)
    return split, left, right


@pytest.mark.parametrize(
    ("size", "is_narrow"),
    [
        ((900, 500), False),
        ((899, 500), True),
        ((1024, 1024), False),
        ((1024, 1025), True),
        ((1080, 1700), True),
    ],
)
def test_parts_are_one_above_the_other_where_it_is_narrow_or_tall(qtbot, size, is_narrow):
    split, left, right = split_of(qtbot, narrow_below=900)
    split.resize(*size)
    split.show()
    assert split.is_narrow is is_narrow
    if is_narrow:
        assert left.x() == right.x()
        assert right.y() - left.geometry().bottom() - 1 == GAP
    else:
        assert left.y() == right.y()
        assert right.x() - left.geometry().right() - 1 == GAP


def test_the_shares_follow_the_direction(qtbot):
    split, left, right = split_of(qtbot, narrow_below=900, gap=0)
    split.resize(900, 600)
    split.show()
    assert (left.width(), right.width()) == (600, 300)
    split.resize(600, 600)
    assert (left.height(), right.height()) == (300, 300)


def test_a_row_of_buttons_minds_only_the_width(qtbot):
    split, left, right = split_of(qtbot, narrow_below=100, when_tall=False)
    split.resize(200, 900)
    split.show()
    assert not split.is_narrow
    assert left.y() == right.y()


def test_it_says_once_that_it_turned(qtbot):
    split, _, _ = split_of(qtbot, narrow_below=900)
    split.resize(1000, 600)
    split.show()
    turns: list[bool] = []
    split.turned.connect(turns.append)
    for width in (950, 800, 700, 1000):
        split.resize(width, 600)
    assert turns == [True, False]


def test_in_a_scroll_area_the_area_counts(qtbot):
    area = QScrollArea()
    area.setWidgetResizable(True)
    split = ResponsiveSplit(narrow_below=900, measured=area)
    long, short = QWidget(), QWidget()
    long.setMinimumHeight(3_000)
    split.add(long)
    split.add(short)
    area.setWidget(split)
    qtbot.addWidget(area)
    area.resize(1366, 768)
    area.show()
    assert split.height() >= 3_000
    assert not split.is_narrow
    area.resize(1080, 1700)
    assert split.is_narrow
