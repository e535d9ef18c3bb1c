"""One page of a list, its details and its actions, whatever is listed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.modeltest import ModelTester

from posapp.ui.core.safe_text import unbroken
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.entry_list import EntryModel, EntryText
from posapp.ui.widgets.list_detail import EntryDetails, ListDetailActions
from posapp.ui.widgets.table import ROW_HEIGHT


@dataclass(frozen=True)
class Parcel:
    number: int
    state: str = "waiting"


def describe(parcel: Parcel) -> EntryText:
    return EntryText("busy", parcel.state, "1,000원", f"Parcel {parcel.number}", "today")


def details_of(parcel: Parcel) -> EntryDetails:
    return EntryDetails(
        *("busy", parcel.state, 1_000, f"Parcel {parcel.number}", "It waits."),
        facts=(("Number", str(parcel.number)),),
        evidence=(("Code", f"C-{parcel.number}"), ("Nothing", "")),
    )


@pytest.fixture
def page(qtbot, texts, theme) -> ListDetailActions:
    home = Button("primary", "Enter", text=texts.bind("cancel.go_home"))
    empty = EmptyState(theme, tone="success", action=home)
    empty.say(texts.bind("sync.empty"), texts.bind("sync.empty_why"))
    made = ListDetailActions(
        *(texts, theme),
        name=texts.bind("sync.leave_list"),
        empty=empty,
        key_of=lambda parcel: parcel.number,
        describe=describe,
        details_of=details_of,
    )
    made.act = Button("primary", "F8")
    made.add_actions(made.act)
    qtbot.addWidget(made)
    made.resize(1366, 600)
    made.show()
    with qtbot.waitActive(made):
        made.activateWindow()
    made.list.setFocus()
    return made


PARCELS = [Parcel(number) for number in (1, 2, 3)]


def test_the_first_entry_is_current_and_its_details_are_shown(page):
    page.show_entries(PARCELS)
    assert page.current == PARCELS[0]
    assert page.detail.isVisible() and page.detail.facts.rows == (("Number", "1"),)
    assert page.act.isVisible() and page.empty.isHidden()


def test_before_the_entries_are_known_it_is_not_called_empty(page):
    assert page.list.isVisible() and page.empty.isHidden()
    for part in (page.detail, page.act, page.copy):
        assert not part.isVisible()
    assert QApplication.focusWidget() is page.list


def test_the_same_entries_stay_in_place_with_their_new_texts(page):
    page.show_entries(PARCELS)
    page.choose(2)
    resets = []
    page.model.modelReset.connect(lambda: resets.append(1))
    page.show_entries([Parcel(1), Parcel(2, "sent"), Parcel(3)])
    assert resets == [] and page.current == Parcel(2, "sent")
    assert page.detail.badge.label == "sent"
    assert page.model.index(1).data(EntryModel.TextRole).state == "sent"


def test_the_current_entry_stays_or_the_one_in_its_place_is(page):
    page.show_entries(PARCELS)
    page.choose(3)
    page.show_entries([Parcel(9), *PARCELS])
    assert page.current.number == 3
    page.show_entries(PARCELS[:2])
    assert page.current.number == 2
    page.show_entries([])
    assert page.current is None and page.empty.isVisible()


def test_an_entry_can_be_chosen_before_it_is_listed(page):
    page.choose(3)
    page.show_entries(PARCELS[:1])
    assert page.current.number == 1
    page.show_entries(PARCELS)
    assert page.current.number == 3
    page.choose(1)
    page.show_entries(PARCELS)
    assert page.current.number == 1, "chosen once"


def test_the_focus_goes_to_the_action_of_the_empty_state_and_back(page):
    page.show_entries(PARCELS)
    page.show_entries([])
    assert QApplication.focusWidget() is page.empty.action
    page.show_entries(PARCELS)
    assert QApplication.focusWidget() is page.list


def test_the_focus_leaves_an_action_that_is_offered_no_more(page):
    page.show_entries(PARCELS)
    page.act.setFocus()
    page.chosen.connect(lambda: page.act.setVisible(page.current.number != 2))
    page.choose(2)
    assert QApplication.focusWidget() is page.list


def test_enter_and_a_double_click_open_an_entry_once(qtbot, page):
    opened = []
    page.opened.connect(opened.append)
    page.show_entries(PARCELS)
    qtbot.keyClick(page.list, Qt.Key.Key_Return)
    rect = page.list.visualRect(page.model.index(1))
    qtbot.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    qtbot.mouseDClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    page.detail.order.click()
    assert [one.number for one in opened] == [1, 2, 2]


def test_without_an_order_enter_leads_to_the_action(qtbot, page):
    page.chosen.connect(lambda: page.detail.order.hide())
    page.show_entries(PARCELS)
    qtbot.keyClick(page.list, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is page.act


def test_f3_shows_the_evidence_of_each_entry_until_it_is_pressed_again(qtbot, page):
    page.show_entries(PARCELS)
    qtbot.keyClick(page.list, Qt.Key.Key_F3)
    assert page.detail.facts.rows == (("Number", "1"), ("Code", "C-1"))
    page.choose(2)
    assert page.detail.facts.rows[-1] == ("Code", "C-2")
    qtbot.keyClick(page.list, Qt.Key.Key_F3)
    assert page.detail.facts.rows == (("Number", "2"),)


def test_evidence_below_the_fold_is_scrolled_to(qtbot, page):
    page.resize(1024, 300)
    page.show_entries(PARCELS)
    assert page.area.verticalScrollBar().value() == 0
    page.more.click()
    qtbot.waitUntil(lambda: page.area.verticalScrollBar().value() > 0)


def test_the_longest_number_is_whole_in_a_narrow_panel_and_copied_as_it_is(qtbot, page):
    number = "imp7f3a9c4e8b1d2056a7c94f0e1d3b5a79c2e41"
    assert len(number) == 40
    page.resize(520, 600)
    page.show_entries(PARCELS)
    page.detail.facts.set_rows([("Order payment number", number)])
    for _ in range(5):  # each of the layouts around them hears of it from the one inside
        QApplication.processEvents()
    assert page.area.widget().width() <= page.area.viewport().width()
    (value,) = (
        one for one in page.detail.facts.findChildren(QLabel) if unbroken(one.text()) == number
    )
    qtbot.waitUntil(lambda: value.heightForWidth(value.width()) <= value.height())
    value.setFocus()
    value.setSelection(0, len(value.text()))
    qtbot.keyClick(value, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == number


def test_copying_takes_the_evidence_along(page):
    page.show_entries(PARCELS)
    page.choose(2)
    page.copy.click()
    assert QGuiApplication.clipboard().text().splitlines() == [
        "보내지 않은 환불 목록",
        "waiting · 1,000원",
        "Parcel 2",
        "Number: 2",
        "Code: C-2",
    ]


@pytest.mark.parametrize(
    ("size", "side_by_side"), [((1024, 440), True), ((1080, 1700), False), ((880, 500), False)]
)
def test_details_are_beside_the_list_or_below_it(page, size, side_by_side):
    page.resize(*size)
    page.show_entries(PARCELS)
    list_at, details_at = page.list.mapTo(page, page.list.rect().topLeft()), page.area.pos()
    details_at = page.area.mapTo(page, page.area.rect().topLeft())
    assert (list_at.y() == details_at.y()) == side_by_side
    assert (list_at.x() == details_at.x()) == (not side_by_side)


def test_five_rows_fit_into_the_lowest_window(page):
    page.resize(1024, 440)
    page.show_entries([Parcel(number) for number in range(9)])
    assert page.list.viewport().height() >= 5 * ROW_HEIGHT


def test_it_asks_for_no_height_for_its_entries(page):
    page.show_entries([Parcel(number) for number in range(900)])
    assert page.minimumSizeHint().height() <= 400


def test_the_model_keeps_qts_rules(page, qtmodeltester: ModelTester):
    page.show_entries(PARCELS)
    qtmodeltester.check(page.model)
    page.show_entries(PARCELS[:1])
    qtmodeltester.check(page.model)


def test_a_row_is_one_sentence_for_screen_readers(page):
    page.show_entries(PARCELS)
    index = page.model.index(0)
    spoken = "waiting, 1,000원, Parcel 1, today"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == spoken
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "Parcel 1"


@pytest.mark.parametrize("name", ["light", "dark", "contrast"])
def test_the_current_row_differs_by_its_bar_in_every_theme(page, theme, name):
    theme.set_name(name)
    page.show_entries(PARCELS)
    page.empty.action.setFocus()
    page.more.setFocus()
    picture = page.list.viewport().grab().toImage().scaled(page.list.viewport().size())
    middle = ROW_HEIGHT // 2
    assert picture.pixelColor(1, middle) == theme.colour("accent")
    assert picture.pixelColor(8, middle) == theme.colour("selection")
    assert picture.pixelColor(1, middle + ROW_HEIGHT) != theme.colour("accent")
    assert page.list.sizeHintForIndex(page.model.index(0)) == QSize(0, ROW_HEIGHT)
