"""Which pages are waited for a moment, and which never; and that late answers still arrive."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.requests import RequestKind, RequestState
from posapp.services.ports.requests import RequestPage
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.requests import request_pager
from posapp.ui.requests.page_address import PageReading
from posapp.ui.requests.request_filter_state import Period, RequestFilterState
from posapp.ui.requests.request_pager import RequestPager
from tests.bounds import FOR_EVER_S, bounded
from tests.ui.requests.desk_records import NOW, SELLER, FakeClock, FakeDesk

LONG_S = FOR_EVER_S


class SlowDesk(FakeDesk):
    """Answers when it is let."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.gate = threading.Event()
        self.gate.set()

    def page(self, *requested: object, **more: object) -> RequestPage:
        self.gate.wait(LONG_S)
        return super().page(*requested, **more)  # type: ignore[arg-type]


@pytest.fixture
def desk() -> Iterator[SlowDesk]:
    desk = SlowDesk(FakeClock())
    yield desk
    desk.gate.set()


@pytest.fixture
def pages(qtbot, tasks: TaskRunner, desk: SlowDesk) -> RequestPager:
    pages = RequestPager(tasks, desk, FakeClock())
    pages.open(SELLER, RequestFilterState(), 5)
    qtbot.waitUntil(lambda: pages.reading is PageReading.READY)
    return pages


def kinds(pages: RequestPager) -> set[RequestKind]:
    return {row.kind for row in pages.rows}


def test_a_chosen_filter_has_its_page_before_anything_else_is_painted(
    pages, monkeypatch, qtbot
) -> None:
    monkeypatch.setattr(request_pager, "INLINE_WAIT_S", LONG_S)
    arrived: list[bool] = []
    pages.arrived.connect(arrived.append)
    pages.ask(RequestFilterState(kind=RequestKind.EXCHANGE))
    assert kinds(pages) == {RequestKind.EXCHANGE}
    assert pages.reading is PageReading.READY
    qtbot.wait(50)
    assert arrived == [False]  # once, and not again by the event loop


@pytest.mark.parametrize(
    "typed",
    [
        RequestFilterState(text="라떼"),
        RequestFilterState(buyer="김"),
        RequestFilterState(number=1000),
        RequestFilterState(period=Period.TYPED, until=NOW),
    ],
)
def test_typed_filter_does_not_block_the_screen(pages, desk, monkeypatch, typed, qtbot) -> None:
    monkeypatch.setattr(request_pager, "INLINE_WAIT_S", LONG_S)
    desk.gate.clear()
    with bounded(0.01):
        pages.ask(typed)
    assert pages.reading is PageReading.LOADING
    desk.gate.set()
    qtbot.waitUntil(lambda: pages.reading is PageReading.READY)


def test_slow_page_is_waited_for_half_a_frame_and_shown_later(pages, desk, qtbot) -> None:
    desk.gate.clear()
    with bounded(0.01):
        pages.ask(RequestFilterState(state=RequestState.OK))
    assert pages.reading is PageReading.LOADING
    desk.gate.set()
    qtbot.waitUntil(lambda: pages.reading is PageReading.READY)
    assert {row.state for row in pages.rows} == {RequestState.OK}


def test_older_page_never_replaces_a_newer_one(pages, desk, monkeypatch, qtbot) -> None:
    desk.gate.clear()
    pages.ask(RequestFilterState(kind=RequestKind.EXCHANGE))  # not waited for to its end
    monkeypatch.setattr(request_pager, "INLINE_WAIT_S", LONG_S)
    threading.Timer(0.05, desk.gate.set).start()
    pages.ask(RequestFilterState(kind=RequestKind.REFUND))
    assert kinds(pages) == {RequestKind.REFUND}
    qtbot.wait(100)
    assert kinds(pages) == {RequestKind.REFUND}


def test_trouble_while_it_is_waited_for_is_reported_like_any_other(
    pages, desk, monkeypatch, qtbot
) -> None:
    monkeypatch.setattr(request_pager, "INLINE_WAIT_S", LONG_S)
    desk.trouble = EnvironmentProblem(EnvironmentCode.DATABASE_BUSY)
    pages.ask(RequestFilterState(kind=RequestKind.EXCHANGE))
    qtbot.waitUntil(lambda: pages.reading is PageReading.FAILED)
    assert pages.error is desk.trouble
    desk.trouble = None
    pages.reload()
    qtbot.waitUntil(lambda: pages.reading is PageReading.READY)
    assert kinds(pages) == {RequestKind.EXCHANGE}
