"""The queue of what is to be heard: never waits, falls silent after a failure, tries again."""

from __future__ import annotations

import queue
import threading

import pytest

from posapp.system.sound.output_queue import (
    MOST_WAITING,
    RETRY_SECONDS,
    Interrupt,
    OutputFailure,
    OutputQueue,
)

PATIENCE = 20
"""Seconds after which a test fails; none waits so long."""


class Output:
    """Performs items: each begins, and ends when it is let go or interrupted."""

    def __init__(self):
        self.begun, self.ended = queue.Queue(), queue.Queue()
        self.go = threading.Semaphore(0)
        self.failure = None

    def __call__(self, item, interrupt):
        self.begun.put(item)
        with interrupt.calling(self.go.release):
            self.go.acquire()
        if self.failure is not None:
            raise self.failure
        self.ended.put((item, interrupt.is_requested))

    def next_begun(self):
        return self.begun.get(timeout=PATIENCE)

    def next_ended(self):
        return self.ended.get(timeout=PATIENCE)


@pytest.fixture
def output():
    return Output()


@pytest.fixture
def clock():
    return Seconds()


class Seconds:
    """A clock; the queue reads it when it falls silent, and while it is."""

    def __init__(self):
        self.value, self.calls = 0, queue.Queue()

    def __call__(self):
        self.calls.put(1)
        return self.value

    def await_call(self):
        self.calls.get(timeout=PATIENCE)


@pytest.fixture
def items(output, clock):
    made = OutputQueue(output, "test-output", now=clock)
    yield made
    made.close(PATIENCE)


def test_items_are_put_out_one_after_the_other(items, output):
    for item in (1, 2, 3):
        items.put(item)
        output.go.release()
    assert [output.next_ended() for _ in range(3)] == [(1, False), (2, False), (3, False)]
    assert items.problem == ""


def test_an_output_that_hangs_keeps_nobody_and_only_the_newest_wait(items, output):
    items.put("hangs")
    output.next_begun()
    for item in range(1_000):
        items.put(item)
    for _ in range(MOST_WAITING + 1):
        output.go.release()
    ended = [output.next_ended()[0] for _ in range(MOST_WAITING + 1)]
    assert ended == ["hangs", *range(1_000 - MOST_WAITING, 1_000)]


def test_an_urgent_item_replaces_what_is_played_and_what_waits(items, output):
    items.put("current")
    output.next_begun()
    items.put("waits")
    items.put("urgent", urgent=True)
    assert output.next_ended() == ("current", True)
    assert output.next_begun() == "urgent"
    output.go.release()
    assert output.next_ended() == ("urgent", False)
    assert output.begun.empty()


def test_clear_ends_the_current_item_and_forgets_the_others(items, output):
    items.put("current")
    output.next_begun()
    items.put("waits")
    items.clear()
    assert output.next_ended() == ("current", True)
    items.put("next")
    assert output.next_begun() == "next"


def test_it_is_silent_after_a_failure_and_tries_again_later(items, output, clock, caplog):
    output.failure = OutputFailure("the engine is gone")
    items.put("fails")
    output.go.release()
    clock.await_call()
    assert items.problem == "the engine is gone"
    clock.value = RETRY_SECONDS
    items.put("fails again")
    output.go.release()
    clock.await_call()  # whether it is still silent
    clock.await_call()
    output.failure = None
    clock.value = 2 * RETRY_SECONDS - 1
    items.put("is dropped")
    clock.await_call()
    clock.value = 2 * RETRY_SECONDS
    items.put("is heard")
    output.go.release()
    assert [output.next_begun() for _ in range(3)] == ["fails", "fails again", "is heard"]
    assert caplog.text.count("the engine is gone") == 1
    assert output.next_ended() == ("is heard", False)
    items.put("next")
    output.next_begun()
    assert items.problem == ""


def test_a_bug_neither_ends_the_thread_nor_goes_unlogged(items, output, clock, caplog):
    output.failure = ZeroDivisionError("a bug")
    items.put("fails")
    output.go.release()
    clock.await_call()
    assert items.problem == "ZeroDivisionError"
    output.failure, clock.value = None, RETRY_SECONDS
    items.put("is heard")
    output.go.release()
    assert output.next_ended() == ("is heard", False)
    assert "a bug" in caplog.text


def test_stale_items_are_not_put_out(output):
    items = OutputQueue(output, "test-output", is_stale=lambda item: item == "stale")
    items.put("stale")
    items.put("fresh")
    assert output.next_begun() == "fresh"
    items.close(PATIENCE)


def test_closing_ends_the_current_item_and_takes_no_more(items, output):
    items.put("current")
    output.next_begun()
    items.put("waits")
    items.close(PATIENCE)
    assert output.next_ended() == ("current", True)
    items.put("late")
    assert output.begun.empty()
    assert output.ended.empty()


def test_closing_waits_no_longer_than_it_says():
    begun, never = threading.Event(), threading.Event()

    def hang(item, interrupt):
        begun.set()
        never.wait(PATIENCE)

    items = OutputQueue(hang, "test-output")
    items.put(1)
    assert begun.wait(PATIENCE)
    items.close(0)
    never.set()


def test_a_queue_that_was_never_used_has_no_thread():
    before = threading.active_count()
    items = OutputQueue(lambda item, interrupt: None, "test-output")
    items.close()
    assert threading.active_count() == before


def test_a_hook_is_called_at_once_where_the_interrupt_was_made_before():
    interrupt, calls = Interrupt(), []
    interrupt.request()
    with interrupt.calling(lambda: calls.append(1)):
        assert calls == [1]
    interrupt.request()
    assert calls == [1]
    assert interrupt.wait(0)
