"""The word "on line": soon when it is lost, at once when it is back, and steady when it flaps."""

from __future__ import annotations

import itertools

from hypothesis import example, given, settings
from hypothesis import strategies as st

from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.services.runtime.connectivity import RECOVERY_MS, Connectivity
from posapp.services.timings import TIMINGS
from tests.fakes.world import FakeClock

MOST_CHANGES = 10
"""In any minute, whatever the calls do: five losses and five returns."""

STEP_MS = 50
GONE = frozenset({"offline", "timeout", "portal", "tls", "clock"})


def error(cause: GatewayCause) -> GatewayError:
    return GatewayError(GatewayOutcome.RETRY_SAFE, cause)


class Line:
    """A network, the probe on it, and a synchroniser's loop that takes a step every 50 ms."""

    def __init__(self, clock: FakeClock | None = None) -> None:
        self.clock = clock or FakeClock()
        self.cause: GatewayCause | None = None
        self.slow_ms = 0
        self.probes: list[int] = []
        self.changes: list[tuple[int, bool | None]] = []
        self.connectivity = Connectivity(self, self.clock)  # type: ignore[arg-type]

    def probe(self) -> None:
        self.probes.append(self.clock.monotonic())
        cause = self.cause
        if cause is not None:
            self.clock.advance(milliseconds=self.slow_ms)
            raise error(cause)

    def hear(self, cause: GatewayCause | None) -> None:
        if self.connectivity.record(error(cause) if cause else None):
            self.changes.append((self.clock.monotonic(), self.connectivity.online))

    def go_on(self, ms: int) -> None:
        end = self.clock.monotonic() + ms
        while self.clock.monotonic() < end:
            if self.connectivity.due_in_ms() == 0:
                done = self.connectivity.run()
                assert done.contacted_gateway
                assert self.connectivity.due_in_ms() > 0
                self.hear(done.error.cause if done.error else None)
            self.clock.advance(milliseconds=STEP_MS)

    def changes_in_a_minute(self) -> int:
        times = [at for at, _ in self.changes]
        return max(
            (sum(start <= at < start + 60_000 for at in times) for start in times), default=0
        )


def on_line() -> Line:
    line = Line()
    line.go_on(100)
    assert line.connectivity.online
    line.clock.advance(seconds=120)
    line.go_on(100)
    line.changes.clear()
    return line


def test_initial_state_is_unknown_with_a_probe_due():
    line = Line()
    assert line.connectivity.online is None
    assert not line.connectivity.is_reachable
    assert line.connectivity.due_in_ms() == 0
    line.go_on(100)
    assert line.connectivity.online
    assert TIMINGS.probe_idle - 200 <= line.connectivity.due_in_ms() <= TIMINGS.probe_idle


def test_one_lost_answer_triggers_a_probe_and_no_change():
    line = on_line()
    line.hear(GatewayCause.TIMEOUT)
    assert line.connectivity.online
    assert line.connectivity.due_in_ms() == 0
    line.go_on(5_000)
    assert line.changes == []
    assert line.connectivity.is_reachable


def test_network_loss_is_detected_within_three_seconds():
    for slow_ms in (0, 2_500):
        line = on_line()
        line.cause, line.slow_ms = GatewayCause.OFFLINE, slow_ms
        failed = line.clock.monotonic()
        line.hear(GatewayCause.OFFLINE)
        line.go_on(4_000)
        assert [online for _, online in line.changes] == [False]
        assert line.changes[0][0] - failed <= 3_000
        assert line.connectivity.cause is GatewayCause.OFFLINE


def test_earlier_probe_does_not_clear_a_suspicion():
    """It can have failed for the same momentary trouble: another one is sent."""
    line = on_line()
    line.connectivity.run()
    line.hear(GatewayCause.OFFLINE)
    assert line.connectivity.due_in_ms() == 0 or line.connectivity.due_in_ms() <= 250
    line.hear(GatewayCause.OFFLINE)
    assert line.connectivity.online


def test_unresolved_suspicion_expires():
    line = on_line()
    line.hear(GatewayCause.OFFLINE)
    line.clock.advance(milliseconds=2_600)
    line.hear(GatewayCause.OFFLINE)
    assert line.connectivity.online is False


def test_captive_portal_is_reported_at_once():
    for cause in (GatewayCause.PORTAL, GatewayCause.TLS, GatewayCause.CLOCK):
        line = on_line()
        line.hear(cause)
        assert (line.connectivity.online, line.connectivity.cause) == (False, cause)


def test_a_portal_takes_the_place_of_a_lost_network_without_a_change():
    line = on_line()
    line.hear(GatewayCause.PORTAL)
    line.hear(GatewayCause.OFFLINE)
    assert line.connectivity.cause is GatewayCause.OFFLINE
    assert [online for _, online in line.changes] == [False]


def test_any_answer_of_portones_own_is_good_news():
    for cause in GatewayCause:
        line = Line()
        line.hear(cause)
        if cause is GatewayCause.SETTINGS:
            assert line.connectivity.online is None, "nothing was sent: nothing is known"
        else:
            assert line.connectivity.online is (cause.value not in GONE), cause


def test_one_good_call_brings_it_back():
    line = on_line()
    line.cause = GatewayCause.OFFLINE
    line.hear(GatewayCause.OFFLINE)
    line.go_on(600_000)
    line.hear(None)
    assert line.connectivity.online


def test_while_it_is_away_a_probe_every_second_and_no_more():
    line = on_line()
    line.cause = GatewayCause.OFFLINE
    line.hear(GatewayCause.OFFLINE)
    line.go_on(10_000)
    line.probes.clear()
    line.go_on(60_000)
    gaps = [later - first for first, later in itertools.pairwise(line.probes)]
    assert TIMINGS.probe_away <= min(gaps) <= max(gaps) <= 1_500
    line.slow_ms = 2_500
    line.go_on(10_000)
    line.probes.clear()
    line.go_on(60_000)
    gaps = [later - first for first, later in itertools.pairwise(line.probes)]
    assert max(gaps) <= 3_000, "the next one is begun soon after one that hung"


def test_back_is_noticed_within_two_seconds():
    for slow_ms in (0, 1_500):
        line = on_line()
        line.cause, line.slow_ms = GatewayCause.OFFLINE, slow_ms
        line.hear(GatewayCause.OFFLINE)
        line.go_on(300_000)
        line.cause, back = None, line.clock.monotonic()
        line.go_on(5_000)
        assert line.changes[-1][1]
        assert line.changes[-1][0] - back <= 2_000


def test_after_several_losses_it_has_to_hold_longer_each_time():
    line = on_line()
    waits = []
    for _ in range(6):
        line.cause = GatewayCause.OFFLINE
        line.hear(GatewayCause.OFFLINE)
        line.go_on(500)
        assert line.connectivity.online is False
        line.cause, back = None, line.clock.monotonic()
        line.go_on(RECOVERY_MS[-1] + 2_000)
        assert line.connectivity.online
        waits.append(line.changes[-1][0] - back)
        line.clock.advance(seconds=5)
    assert waits[0] <= 1_500
    for wait, recover in zip(waits[1:], (*RECOVERY_MS[1:], RECOVERY_MS[-1]), strict=True):
        assert recover <= wait <= recover + 2_000


def test_calls_are_allowed_before_the_state_is_online_again():
    line = on_line()
    for _ in range(2):
        line.cause = GatewayCause.OFFLINE
        line.hear(GatewayCause.OFFLINE)
        line.go_on(500)
        line.cause = None
        line.go_on(1_500)
    assert line.connectivity.online is False
    assert line.connectivity.is_reachable


def test_a_minute_of_the_same_is_calm_again():
    line = on_line()
    for _ in range(4):
        line.cause = GatewayCause.OFFLINE
        line.hear(GatewayCause.OFFLINE)
        line.go_on(500)
        line.cause = None
        line.go_on(40_000)
    line.go_on(90_000)
    line.cause = GatewayCause.OFFLINE
    line.hear(GatewayCause.OFFLINE)
    line.go_on(500)
    assert line.connectivity.online is False
    line.cause, back = None, line.clock.monotonic()
    line.go_on(5_000)
    assert line.changes[-1][0] - back <= 2_000


CAUSES = st.one_of(st.none(), st.sampled_from(list(GatewayCause)))
MOMENTS = st.lists(
    st.tuples(st.integers(0, 12_000), CAUSES, CAUSES, st.integers(0, 2_500)), max_size=60
)


_PORTAL = GatewayCause.PORTAL
STARTS_OFF_LINE = [
    *[(1951, GatewayCause.OFFLINE, None, 0), (0, _PORTAL, None, 0), (0, None, None, 0)],
    *[(251, _PORTAL, None, 0), (2401, None, None, 0), (2451, None, None, 0)],
    *[(8501, _PORTAL, None, 0), (2201, None, None, 0), (8501, _PORTAL, None, 0)],
    *[(5751, None, None, 0), (6601, None, None, 0), (0, _PORTAL, None, 0)],
]
"""Eleven changes in a minute, as long as a start without network was no loss."""


@settings(max_examples=150, deadline=None)
@given(MOMENTS)
@example(STARTS_OFF_LINE)
def test_never_more_than_so_many_changes_a_minute(moments):
    """Calls and probes may have any results, even contrary ones."""
    line = Line()
    for pause, call, probe, slow_ms in moments:
        line.cause, line.slow_ms = probe, slow_ms
        line.hear(call)
        line.go_on(pause)
    assert line.changes_in_a_minute() <= MOST_CHANGES


@settings(max_examples=150, deadline=None)
@given(
    MOMENTS,
    st.sampled_from([cause for cause in GatewayCause if cause.value in GONE]),
    st.integers(0, 2_500),
)
def test_network_loss_is_detected_in_time_after_any_history(moments, cause, slow_ms):
    line = Line()
    for pause, call, probe, before_ms in moments[:20]:
        line.cause, line.slow_ms = probe, before_ms
        line.hear(call)
        line.go_on(pause)
    line.cause, line.slow_ms = cause, slow_ms
    failed = line.clock.monotonic()
    line.hear(cause)
    while line.connectivity.online is not False:
        line.go_on(STEP_MS)
        assert line.clock.monotonic() - failed <= 3_000
    line.cause = None
    line.go_on(RECOVERY_MS[-1] + 4_000)
    assert line.connectivity.online, "and it comes back, however often it had gone"


def test_flapping_network_is_shown_as_lost_for_an_hour():
    """docs/faults.md, row 28: three seconds there, three seconds not."""
    line = on_line()
    for _ in range(600):
        line.cause = GatewayCause.OFFLINE
        line.hear(GatewayCause.OFFLINE)
        line.go_on(3_000)
        line.cause = None
        line.go_on(3_000)
    assert len(line.changes) <= 4
    assert len(line.probes) <= 3_700
