"""The chart of bars: its scale, and what is painted of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from posapp.ui.charts.bar_chart import Bar, BarChart, round_up


@pytest.mark.parametrize(
    ("value", "scale"),
    [(-5, 0), (0, 0), (1, 4), (4, 4), (5, 8), (9, 20), (21, 40), (81, 200), (58_600, 80_000)],
)
def test_a_scale_of_four_lines_has_whole_numbers(value: int, scale: int) -> None:
    assert round_up(value) == scale and scale % 4 == 0


def chart_of(qtbot, theme, bars: list[Bar], *, lies: bool) -> BarChart:
    made = BarChart(theme)
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show_bars(bars, lies=lies)
    return made


def coloured(image: QImage, colour: QColor, left: int, right: int) -> int:
    return sum(
        image.pixelColor(x, y) == colour for x in range(left, right) for y in range(image.height())
    )


@pytest.mark.parametrize("name", ["light", "dark", "contrast"])
@pytest.mark.parametrize("lies", [False, True])
def test_bars_are_as_long_as_their_values(qtbot, theme, name: str, lies: bool) -> None:
    theme.set_name(name)
    bars = [Bar("가", 0, text="0"), Bar("나", 400, text="400"), Bar("다", 200, text="200")]
    chart = chart_of(qtbot, theme, bars, lies=lies)
    image = chart.grab().toImage()
    accent = theme.colour("accent")
    if lies:
        areas = [area.toRect() for _, area in chart._areas()]
        counts = [
            sum(
                image.pixelColor(x, y) == accent
                for x in range(area.left(), area.right())
                for y in range(area.top(), area.bottom())
            )
            for area in areas
        ]
    else:
        counts = [
            coloured(image, accent, int(area.left()), int(area.right()))
            for _, area in chart._areas()
        ]
    assert counts[1] > 0  # the first one is chosen, and has another ground
    assert counts[1] == pytest.approx(2 * counts[2], rel=0.1)


def test_a_refund_is_hatched_within_its_bar(qtbot, theme) -> None:
    bars = [Bar("가", 0), Bar("나", 400), Bar("다", 400, 200)]
    image = chart_of(qtbot, theme, bars, lies=False).grab().toImage()
    areas = [area for _, area in chart_of(qtbot, theme, bars, lies=False)._areas()]
    whole, hatched = (
        coloured(image, theme.colour("accent"), int(area.left()), int(area.right()))
        for area in areas[1:]
    )
    assert hatched < 0.6 * whole


def test_a_chart_without_bars_takes_keys(qtbot, theme) -> None:
    chart = chart_of(qtbot, theme, [], lies=False)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(chart, key)
    assert chart.place == -1
    chart.grab()
