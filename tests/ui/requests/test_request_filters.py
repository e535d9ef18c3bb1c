"""Filters of requests: periods, typed times, saved filters."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.requests import RequestKind, RequestState
from posapp.domain.time_zone import SEOUL
from posapp.services.ports.requests import RefundProgress
from posapp.ui.core.time_input import parse_time, typed_form
from posapp.ui.requests.filter_panel import FilterPanel
from posapp.ui.requests.request_filter_state import (
    Period,
    RequestFilterState,
    active_names,
    from_kept,
    to_json,
)
from posapp.ui.requests.saved_filters import (
    JsonFilterStore,
    SavedFilter,
    read_saved,
    saved_text,
    with_saved,
)
from tests.ui.requests.desk_records import NOW

EVERYTHING = RequestFilterState(
    kind=RequestKind.REFUND,
    state=RequestState.WAIT,
    period=Period.TYPED,
    since=datetime(2026, 11, 1, tzinfo=UTC),
    until=datetime(2026, 11, 2, tzinfo=UTC),
    buyer="김",
    number=2048,
    text="라떼 50%_",
    money=RefundProgress.CHECKING,
    oldest_first=True,
)


def seoul(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("period", "since"),
    [
        (Period.ALL, None),
        (Period.TODAY, seoul(2026, 11, 25)),
        (Period.WEEK, seoul(2026, 11, 23)),
        (Period.MONTH, seoul(2026, 11, 1)),
    ],
)
def test_named_periods_begin_in_seoul(period, since) -> None:
    found = RequestFilterState(period=period).filter_at(NOW)
    assert (found.since, found.until) == (since, None)


def test_just_after_midnight_in_seoul_today_is_the_new_day() -> None:
    now = datetime(2026, 11, 24, 15, 1, tzinfo=UTC)
    assert RequestFilterState(period=Period.TODAY).filter_at(now).since == seoul(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("2026-11-23", seoul(2026, 11, 23), seoul(2026, 11, 23, 23, 59, 59, 999_999)),
        ("2026-11-23 14:05", seoul(2026, 11, 23, 14, 5), seoul(2026, 11, 23, 14, 5, 59, 999_999)),
        (
            "2026-11-23T14:05:09",
            seoul(2026, 11, 23, 14, 5, 9),
            seoul(2026, 11, 23, 14, 5, 9, 999_999),
        ),
        ("2026.11.3.", seoul(2026, 11, 3), seoul(2026, 11, 3, 23, 59, 59, 999_999)),
        ("20261123", seoul(2026, 11, 23), seoul(2026, 11, 23, 23, 59, 59, 999_999)),
    ],
)
def test_times_are_read_with_and_without_seconds(text, begin, end) -> None:
    assert parse_time(text, to_the_end=False) == begin
    assert parse_time(text, to_the_end=True) == end
    for at, to_the_end in ((begin, False), (end, True)):
        assert parse_time(typed_form(at, to_the_end=to_the_end), to_the_end=to_the_end) == at


@pytest.mark.parametrize(
    "text",
    [
        "",
        "어제",
        "2026-13-01",
        "2026-02-30",
        "0000-01-01",
        "2026-11-23 25:00",
        "9999-12-31",
        "1;--",
    ],
)
def test_text_that_is_no_time_is_refused(text) -> None:
    with pytest.raises(ValueError):
        parse_time(text, to_the_end=True)


def test_each_filter_is_cleared_alone() -> None:
    assert active_names(EVERYTHING) == (
        "kind",
        "state",
        "since",
        "until",
        "text",
        "buyer",
        "number",
        "money",
        "oldest_first",
    )
    left = EVERYTHING
    for name in active_names(EVERYTHING):
        before = set(active_names(left))
        left = left.cleared(name)
        assert set(active_names(left)) == before - {name}
    assert left == RequestFilterState()


def test_saved_filters_round_trip() -> None:
    saved = (
        SavedFilter("가", EVERYTHING, 10),
        SavedFilter("b", RequestFilterState(period=Period.WEEK), 50),
    )
    assert read_saved(saved_text(saved)) == saved
    assert json.loads(saved_text(saved))[1]["filter"] == {"period": "week"}


def test_one_of_the_same_name_gives_way() -> None:
    first, second = SavedFilter("a", RequestFilterState(), 5), SavedFilter("a", EVERYTHING, 10)
    assert with_saved((first,), second) == (second,)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1, null]", '{"name": "x"}', '[{"name": 3}]', "[" * 100_000, '[{"name": "  "}]'],
)
def test_a_spoilt_file_gives_no_saved_filters(text) -> None:
    assert read_saved(text) == ()


def test_partly_invalid_saved_filter_keeps_its_valid_parts() -> None:
    kept = to_json(EVERYTHING) | {
        "kind": "LOAN",
        "since": "yesterday",
        "number": -4,
        "text": ["x"],
        "strange": 1,
    }
    found = from_kept(kept)
    assert (found.kind, found.since, found.number, found.text) == (None, None, None, "")
    assert (found.state, found.until) == (RequestState.WAIT, EVERYTHING.until)


def test_the_file_is_replaced_as_a_whole(tmp_path) -> None:
    filter_store = JsonFilterStore(tmp_path / "filters.json")
    assert filter_store.load() == ""
    filter_store.save("하나")
    filter_store.save("둘")
    assert filter_store.load() == "둘"
    assert [path.name for path in tmp_path.iterdir()] == ["filters.json"]


def test_missing_folder_is_reported_and_is_no_bug(tmp_path) -> None:
    filter_store = JsonFilterStore(tmp_path / "gone" / "filters.json")
    with pytest.raises(EnvironmentProblem) as reported:
        filter_store.save("x")
    assert reported.value.code is EnvironmentCode.READ_ONLY


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("2048", 2048),
        ("2,048", 2048),
        ("２０４８", 2048),
        ("2048번", 2048),
        ("No.2048", 2048),
        ("", None),
    ],
)
def test_number_is_taken_as_people_type_it(qtbot, texts, theme, typed, number) -> None:
    panel = FilterPanel(texts, theme)
    qtbot.addWidget(panel)
    panel.show_filters(RequestFilterState(number=1))
    asked: list[RequestFilterState] = []
    panel.filters_changed.connect(asked.append)
    panel.number.line.setText(typed)
    QTest.keyClick(panel.number.line, Qt.Key.Key_Return)
    assert asked == [RequestFilterState(number=number)]
    assert panel.number.message == ""


@pytest.mark.parametrize("typed", ["20x", "0", "1,20", "9" * 20, "９" * 20, "-3"])
def test_what_is_no_number_filters_nothing(qtbot, texts, theme, typed) -> None:
    panel = FilterPanel(texts, theme)
    qtbot.addWidget(panel)
    asked: list[RequestFilterState] = []
    panel.filters_changed.connect(asked.append)
    panel.number.line.setText(typed)
    QTest.keyClick(panel.number.line, Qt.Key.Key_Return)
    assert asked == []
    assert panel.number.message == "번호는 숫자로 입력해 주세요."
