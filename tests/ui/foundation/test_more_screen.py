"""The list of places: all are seen on a low window, too, and arrows reach each of them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.ui.core.i18n import LANGUAGES
from posapp.ui.home.more_screen import MoreScreen
from tests.ui.geometry import problems


@pytest.fixture
def more(qtbot, texts, theme, instant) -> MoreScreen:
    made = MoreScreen(texts, theme, instant)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("height", "columns"), [(900, 1), (430, 2)])
def test_all_places_are_seen(more, texts, language: str, height: int, columns: int) -> None:
    texts.set_language(language)
    more.resize(1024, height)
    QApplication.processEvents()
    assert problems(more) == []
    rows = more._all
    assert len({row.mapTo(more, row.rect().topLeft()).x() for row in rows}) == columns
    assert all(row.height() >= 48 for row in rows)
    seen = more.rect()
    assert all(seen.contains(row.mapTo(more, row.rect().bottomRight())) for row in rows)
    assert rows[0]._summary.isVisible() == (columns == 1)


def test_arrows_reach_every_place(more) -> None:
    for height, keys in (
        (900, [Qt.Key.Key_Down]),
        (430, [Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Down]),
    ):
        more.resize(1024, height)
        QApplication.processEvents()
        rows = more._all
        rows[0].setFocus()
        reached = {rows[0]}
        for step in range(4 * len(rows)):
            focused = QApplication.focusWidget()
            assert focused in rows
            QTest.keyClick(focused, keys[step % len(keys)])
            reached.add(QApplication.focusWidget())
        assert reached == set(rows)
        QTest.keyClick(rows[0], Qt.Key.Key_Up)
        rows[0].setFocus()
        QTest.keyClick(rows[0], Qt.Key.Key_Up)
        assert rows[0].hasFocus()
