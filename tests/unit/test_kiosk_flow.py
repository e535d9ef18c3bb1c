"""The visit at a kiosk: what lies over what, and its times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from posapp.domain.errors import IllegalTransition
from posapp.domain.kiosk import IDLE_STATES, OVER, KioskFlow, KioskState, KioskTrigger
from posapp.domain.kiosk_times import (
    COUNTDOWN_MS,
    IdlePhase,
    IdleWatch,
    TapCount,
    WrongEntries,
    is_crashing,
)

S, T = KioskState, KioskTrigger
PATH = (T.BEGUN, T.PHONE_NEEDED, T.ORDER_SHOWN, T.PAY, T.ENDED, T.RESET)
NOON = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def test_a_visit_goes_on_below_a_call_and_below_the_pin():
    flow, seen = KioskFlow(), []
    for trigger in PATH:
        flow = flow.apply(T.CALLED).apply(T.EXIT_WANTED)
        assert flow.state is S.EXIT
        flow = flow.apply(trigger)
        assert flow.state is S.EXIT
        flow = flow.apply(T.EXIT_CLOSED)
        assert flow.state is S.HELP
        flow = flow.apply(T.CALL_ENDED)
        assert flow.state is flow.below
        seen.append(flow.state)
    assert seen == [S.ORDER, S.PHONE, S.SUMMARY, S.QR, S.OUTCOME, S.START]


@pytest.mark.parametrize("below", [one for one in S if one not in OVER])
def test_staff_can_be_called_and_asked_for_the_pin_in_every_state(below):
    flow = KioskFlow(below)
    assert flow.apply(T.CALLED).state is S.HELP
    assert flow.apply(T.EXIT_WANTED).state is S.EXIT
    for over in (T.CALL_ENDED, T.EXIT_CLOSED):
        assert not flow.allows(over)
        with pytest.raises(IllegalTransition):
            flow.apply(over)
    assert flow.apply(T.CALLED).allows(T.CALL_ENDED)
    assert flow.apply(T.EXIT_WANTED).allows(T.EXIT_CLOSED)


def test_no_way_back_and_no_reset_while_money_may_move():
    assert not KioskFlow(S.QR).allows(T.RESET)
    assert not KioskFlow(S.QR).allows(T.BACK)
    assert S.QR not in IDLE_STATES


@pytest.mark.parametrize("factor", [1, 2])
def test_a_buyer_who_went_away_is_noticed_after_a_countdown(factor):
    watch = IdleWatch(60_000, 100 * factor)
    watch.touch(5_000)
    begins, ends = 5_000 + 60_000 * factor, 5_000 + (60_000 + COUNTDOWN_MS) * factor
    assert watch.phase(begins - 1) is IdlePhase.USED
    assert watch.phase(begins) is IdlePhase.COUNTDOWN
    assert watch.seconds_shown(begins) == 20 * factor
    assert watch.seconds_shown(ends) == 1
    assert watch.phase(ends + 149) is IdlePhase.COUNTDOWN
    assert watch.phase(ends + 150) is IdlePhase.GONE


def test_a_touch_in_the_last_moment_continues_as_often_as_one_likes():
    watch, now = IdleWatch(15_000), 0
    for _ in range(50):
        now += 15_000 + COUNTDOWN_MS - 50
        assert watch.phase(now) is IdlePhase.COUNTDOWN
        watch.hold(now, watch.seconds_shown(now))
        assert watch.phase(now) is IdlePhase.USED
        assert watch.seconds_shown(now) == 1
        watch.touch(now)
        assert watch.seconds_shown(now) == 0


def test_wrong_entries_pause_the_kiosk_for_twice_as_long_each_time():
    entries, now, pauses = WrongEntries(), 0, []
    for _ in range(6):
        for _ in range(4):
            entries = entries.with_wrong(now)
            assert entries.wait_s(now) == 0
        entries = entries.with_wrong(now)
        pauses.append(entries.wait_s(now))
        assert entries.wait_s(now + pauses[-1] * 1000 - 1) == 1
        now += pauses[-1] * 1000
    assert pauses == [30, 60, 120, 240, 300, 300]


def test_five_quick_taps_ask_for_the_pin_and_slow_ones_never():
    taps = TapCount()
    assert [taps.tap(at) for at in (0, 700, 1_400, 2_100, 2_999)] == [*[False] * 4, True]
    assert [taps.tap(at) for at in range(10_000, 20_000, 800)] == [False] * 13


def test_three_crashes_within_five_minutes_stop_the_kiosk():
    def before(*seconds: int) -> list[datetime]:
        return [NOON - timedelta(seconds=one) for one in seconds]

    assert is_crashing(before(300, 20, 1), NOON)
    assert not is_crashing(before(301, 20, 1), NOON)
    assert not is_crashing(before(20, 1), NOON)
    assert not is_crashing(before(-5, 20, 1), NOON), "a clock that was set back"
