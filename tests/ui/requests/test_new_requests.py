"""Requests that come while the desk is on view: they wait in one line, and no row moves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt

from posapp.domain.requests import RequestState
from posapp.ui.requests.page_address import MOST_NEW
from tests.ui.requests.desk_records import done, row

KEY = Qt.Key


def arrive(desk: Any, *numbers: int) -> None:
    """Store requests newer than all others, the lowest number newest, and tell the desk."""
    desk.desk.rows = [row(number) for number in numbers] + desk.desk.rows
    announce(desk)


def announce(desk: Any) -> None:
    desk.screen.status_changed()
    desk.screen._news.setInterval(0)
    reads = len(desk.desk.requested("page"))
    desk.screen._news.start()
    desk.wait(lambda: len(desk.desk.requested("page")) > reads and not desk.screen.pages._pending)


def bar(desk: Any) -> Any:
    return desk.screen.view.new_rows


def test_new_requests_wait_in_one_line_and_move_no_row(desk) -> None:
    desk.screen.view.view.select(2)
    tops = desk.screen.view.view.visualRect(desk.screen.model.index(2, 1)).top()
    arrive(desk, -1, -2)
    assert bar(desk).isVisible()
    assert bar(desk).message == "새 신청 2건"
    assert desk.ids() == [1, 2, 3, 4, 5]
    assert desk.screen.view.view.row == 2
    assert desk.screen.view.view.visualRect(desk.screen.model.index(2, 1)).top() == tops


def test_more_that_come_are_counted_with_those_before(desk) -> None:
    arrive(desk, -1)
    arrive(desk, -2)
    assert bar(desk).message == "새 신청 2건"


@pytest.mark.parametrize("way", ["key", "button"])
def test_f5_and_the_button_show_them_and_go_to_the_first(desk, way) -> None:
    desk.screen.view.view.select(3)
    arrive(desk, -1, -2)
    if way == "key":
        desk.key(KEY.Key_F5)
    else:
        bar(desk).button.click()
    desk.wait(lambda: desk.ids() == [-2, -1, 1, 2, 3])
    assert desk.screen.view.view.row == 0
    assert not bar(desk).isVisible()


def test_f5_without_new_ones_stays_on_its_row(desk) -> None:
    desk.screen.view.view.select(3)
    reads = len(desk.desk.requested("page"))
    desk.key(KEY.Key_F5)
    desk.wait(lambda: len(desk.desk.requested("page")) > reads)
    assert desk.screen.view.view.row == 3


def test_a_page_still_takes_what_others_decided(desk) -> None:
    desk.desk.put(done(2, undo_until=None))
    arrive(desk, -1)
    assert desk.screen.model.rows[1].state is RequestState.OK
    assert desk.ids() == [1, 2, 3, 4, 5]


def test_row_that_left_is_followed_by_the_next_one_at_the_end(desk) -> None:
    desk.desk.rows = [one for one in desk.desk.rows if one.id != 2]
    arrive(desk, -1)
    assert desk.ids() == [1, 3, 4, 5, 6]
    assert bar(desk).message == "새 신청 1건"


def test_page_with_nothing_left_of_it_shows_what_came(desk) -> None:
    desk.desk.rows = []
    arrive(desk, -1, -2)
    assert desk.ids() == [-2, -1]
    assert not bar(desk).isVisible()


def test_empty_page_shows_what_came(make_desk) -> None:
    desk = make_desk(rows=[])
    arrive(desk, -1)
    assert desk.ids() == [-1]
    assert not bar(desk).isVisible()


def test_more_than_can_be_held_back_make_the_page_anew(desk) -> None:
    arrive(desk, *range(-1, -MOST_NEW - 2, -1))
    assert desk.ids() == [-100, -99, -98, -97, -96]
    assert not bar(desk).isVisible()


def test_most_that_can_be_held_back_are(desk) -> None:
    arrive(desk, *range(-1, -MOST_NEW - 1, -1))
    assert desk.ids() == [1, 2, 3, 4, 5]
    assert bar(desk).message == f"새 신청 {MOST_NEW}건"
    assert desk.screen.pages.has_next


def test_another_page_is_read_as_it_is(desk) -> None:
    desk.key(KEY.Key_PageDown)
    desk.wait(lambda: desk.ids() == [6, 7, 8, 9, 10])
    arrive(desk, -1)
    assert desk.ids() == [6, 7, 8, 9, 10]
    assert not bar(desk).isVisible()
    desk.key(KEY.Key_PageUp)
    desk.wait(lambda: desk.ids() == [-1, 1, 2, 3, 4])


def test_filter_shows_all_and_the_line_goes(desk) -> None:
    arrive(desk, -1)
    filters = replace(desk.screen.pages.filters, state=RequestState.WAIT)
    desk.screen.pages.ask(filters)
    desk.wait(lambda: desk.ids()[:2] == [-1, 1])
    assert not bar(desk).isVisible()


def test_hidden_desk_reads_nothing(desk) -> None:
    desk.screen.hide()
    desk.screen.status_changed()
    assert not desk.screen._news.isActive()
