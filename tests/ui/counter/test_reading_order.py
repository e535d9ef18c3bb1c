"""Tab visits a page in the order of reading, and everything that a pointer reaches."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QButtonGroup,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from posapp.ui.core.i18n import Translator
from posapp.ui.shell.main_window import MainWindow
from posapp.ui.shell.routes import ROUTES
from posapp.ui.shell.tab_order import focus_next, tab_stops
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.choice_button import ChoiceButton
from posapp.ui.widgets.keypad import Keypad
from posapp.ui.widgets.side_panel import SidePanel
from tests.conftest import PatientBot
from tests.pictures.visits import VISITS, leave
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.scanner.typing_hands import Keyboard

SIZES = ((1024, 600), (1366, 768), (1080, 1920))

MOST_STOPS = 80
"""More than any page has."""


@pytest.fixture(scope="module")
def shared(qapp, request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    with demo_counter(PatientBot(request), folder, Keyboard().clock) as counter:
        yield counter


@pytest.fixture
def counter(shared, qtbot):
    shared.window.activateWindow()
    shared.go_home()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    yield shared
    leave(shared)


def settle(qtbot, counter) -> None:
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    for _ in range(3):
        QApplication.processEvents()


def press_tab(counter, *, forward: bool = True) -> QWidget:
    key = Qt.Key.Key_Tab if forward else Qt.Key.Key_Backtab
    QTest.keyClick(QApplication.focusWidget(), key)
    counter._scans.flush()  # a Tab is held until it is no scanner's
    return QApplication.focusWidget()


def way_round(counter, *, forward: bool = True) -> list[QWidget]:
    """Return what has the focus at each press until something has it again, beginning with it."""
    passed = [QApplication.focusWidget()]
    for _ in range(MOST_STOPS):
        now = press_tab(counter, forward=forward)
        if now in passed:
            return passed[passed.index(now) :]
        passed.append(now)
    raise AssertionError("Tab does not come back")


def places(counter, *widgets: QWidget) -> list[QRect]:
    """Return where widgets are, whatever Tab scrolled: to each other within one scroll area.

    What is in an area that another one is not in is where its area is.
    """
    around = [areas_of(one) for one in widgets]
    shared = [areas[0] for areas in zip(*around, strict=False) if len(set(areas)) == 1]
    ground = shared[-1].widget() if shared else counter.window
    shown = [
        areas[len(shared)] if len(areas) > len(shared) else one
        for one, areas in zip(widgets, around, strict=True)
    ]
    return [QRect(one.mapTo(ground, QPoint(0, 0)), one.size()) for one in shown]


def areas_of(widget: QWidget) -> list[QScrollArea]:
    """Return the scroll areas that a widget is in, the outermost first."""
    found, parent = [], widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            found.append(parent)
        parent = parent.parentWidget()
    return found[::-1]


def named(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return f"{widget.objectName() or type(widget).__name__} {text}".strip()


def region(counter, widget: QWidget) -> float:
    """Return which part of the window a widget is in, from the top: tabs, head, page and the panel
    over its right side, status."""
    window = counter.window
    parts = window.top_bar, window.head, window.centralWidget(), window.status_bar
    for number in (0, 1, 3):
        if parts[number].isAncestorOf(widget):
            return number
    panels = counter.window.centralWidget().findChildren(SidePanel)
    return 2.5 if any(panel.isAncestorOf(widget) for panel in panels) else 2


def is_chosen_by_arrows(widget: QWidget) -> bool:
    """Whether it is one of a group that has one stop for all: the chosen one."""
    group = getattr(widget, "group", lambda: None)()
    is_one_of_many = isinstance(group, QButtonGroup) or isinstance(widget, ChoiceButton)
    return is_one_of_many and not widget.isChecked()


def lies_under_panel(counter, widget: QWidget) -> bool:
    """Whether a side panel hides a widget, so that it can be clicked no more than reached."""
    window = counter.window
    centre = widget.mapTo(window, widget.rect().center())
    return any(
        panel.isVisible()
        and not panel.isAncestorOf(widget)
        and panel.rect().contains(panel.mapFrom(window, centre))
        for panel in window.centralWidget().findChildren(SidePanel)
    )


def reached_otherwise(counter, widget: QWidget) -> bool:
    """Whether a key leads there without Tab, or it is a part of what Tab leads to."""
    if widget in counter.window.top_bar.tabs.values():
        return True  # Ctrl and the number that it shows
    if isinstance(widget, QHeaderView) or is_chosen_by_arrows(widget):
        return True
    if isinstance(widget, QAbstractItemView):
        return counter.window.current == "orders"  # the arrows of the search move its row
    if isinstance(widget, Button) and widget.key:
        return True
    if isinstance(widget.parentWidget(), Keypad):
        return True  # the keys that it shows, in its line
    # The cross in a field: Esc empties it too.
    return isinstance(widget.parentWidget(), QLineEdit)


@pytest.mark.parametrize("state", VISITS)
def test_tab_goes_from_top_to_bottom_and_reaches_all_that_is_clicked(
    request, qtbot, counter, state
):
    """In one of the sizes, by turns of the states; ``--every-size``: in each."""
    turn = list(VISITS).index(state) % len(SIZES)
    sizes = SIZES if request.config.getoption("--every-size") else (SIZES[turn],)
    for size in sizes:
        counter.window.resize(*size)
        VISITS[state].open(counter)
        settle(qtbot, counter)
        stops = way_round(counter)
        is_in_order(counter, stops)
        reaches_all(counter, stops)


def is_in_order(counter, stops: list[QWidget]) -> None:
    """Each part is gone through from top to bottom, and the parts are, too."""
    first = min(range(len(stops)), key=lambda at: (region(counter, stops[at]), at))
    regions = [region(counter, one) for one in stops]
    while regions[first - 1] == regions[first] and len(set(regions)) > 1:
        first -= 1  # the round began in the middle of the first part
    read = [*stops[first:], *stops[:first]]
    assert [region(counter, one) for one in read] == sorted(regions), [*map(named, read)]
    for before, after in pairwise(read):
        if region(counter, before) != region(counter, after) or before.isAncestorOf(after):
            continue  # another part; or what scrolls, and then what is in it
        one, other = places(counter, before, after)
        is_read_next = one.bottom() < other.top() or one.right() < other.left()
        assert is_read_next, (named(before), one, named(after), other)
        goes_back_up = other.bottom() < one.top()
        assert not goes_back_up or one.right() < other.left(), (named(before), named(after))


def reaches_all(counter, stops: list[QWidget]) -> None:
    """Both ways round, everything that can be clicked is among the stops or has a key."""
    back = way_round(counter, forward=False)
    assert set(back) == set(stops)
    kinds = (QAbstractButton, QLineEdit, QAbstractItemView)
    clicked = [one for kind in kinds for one in counter.window.findChildren(kind)]
    assert len(clicked) > 5
    missed = [
        named(one)
        for one in clicked
        if one.isVisible()
        and one.isEnabled()
        and one not in stops
        and not lies_under_panel(counter, one)
        and not reached_otherwise(counter, one)
    ]
    assert missed == []


@pytest.fixture(scope="module")
def untouched(qapp, request, tmp_path_factory):
    """A counter whose pages were never opened with anything."""
    folder = tmp_path_factory.mktemp("untouched")
    with demo_counter(PatientBot(request), folder, Keyboard().clock) as counter:
        yield counter


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.id)
def test_a_page_opened_with_nothing_has_its_start_focus(qtbot, untouched, route):
    window = untouched.window
    window.activateWindow()
    window.show_screen("more")
    window.show_screen(route.id)
    settle(qtbot, untouched)
    assert QApplication.activeWindow() is window, "none other was shown, not even for a moment"
    focused, page = QApplication.focusWidget(), window.screen_named(route.id)
    actions = page.head_actions
    roots = [page, *([actions] if actions is not None else [])]
    root = next(one for one in roots if focused is one or one.isAncestorOf(focused))
    assert focused.isVisible()
    if route.start_focus:
        names = [focused.objectName()]
        while focused is not root:
            focused = focused.parentWidget()
            names.append(focused.objectName())
        assert route.start_focus in names, names


@pytest.fixture
def window(qtbot, texts: Translator, theme) -> MainWindow:
    made = MainWindow(texts, theme, shop="한빛상점", live=False)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


def test_rows_made_late_and_columns_are_read_in_place(qtbot, window):
    """Column by column where a column is a widget; what was made last is read where it is."""
    page, left, right = QWidget(), QWidget(), QWidget()
    beside = QHBoxLayout(page)
    beside.addWidget(left)
    beside.addWidget(right)
    columns = QVBoxLayout(left), QVBoxLayout(right)
    buttons = {name: QPushButton(name) for name in ("4", "2", "1", "3")}
    for name, at in (("4", 1), ("2", 0), ("3", 1)):
        columns[at].addWidget(buttons[name])
    window.add_screen("page", page)
    QApplication.processEvents()
    columns[0].insertWidget(0, buttons["1"])
    columns[1].insertWidget(0, buttons["3"])
    qtbot.waitUntil(buttons["1"].isVisible)
    QApplication.processEvents()
    assert [one.text() for one in tab_stops(page)] == ["1", "2", "3", "4"]
    buttons["2"].setFocus()
    assert focus_next(window, forward=True)
    assert window.focusWidget() is buttons["3"]
    buttons["4"].setEnabled(False)
    assert buttons["4"] not in tab_stops(page)


def test_a_scroll_area_keeps_its_contents_when_tab_was_asked(qtbot, window):
    """Asking its viewport for a focus proxy deletes it, in PySide."""
    area = QScrollArea()
    area.setWidget(QPushButton("inside"))
    window.add_screen("page", area)
    qtbot.waitUntil(area.isVisible)
    for _ in range(3):
        focus_next(window, forward=True)
    assert area.widget().text() == "inside"
