"""What is played at the counter: once for money that arrives, once for an attempt that fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from posapp.domain.money import Won
from posapp.domain.payments import Attempt, AttemptState, Payment, PaymentDisposition
from posapp.services.payments.payment_progress import progress_of
from posapp.services.ports.sound_player import Sound
from posapp.ui.navigation.arrivals import Arrivals
from posapp.ui.widgets.notice import Notice
from tests.fakes.world import START, FakeClock


class Records:
    """The payment service: one attempt, and its payment once it was paid."""

    def __init__(self):
        self.attempt = Attempt(1, 1200, "pos-1", Won(5_000), START, AttemptState.WAITING)
        self.payment = None

    def get_progress(self, attempt_id):
        assert attempt_id == self.attempt.id
        return progress_of(self.attempt, None, self.payment, None)

    def end(self, state, disposition=None, *, ago=timedelta()):
        at = START - ago
        self.attempt = replace(self.attempt, state=state, created_at=at)
        if disposition is not None:
            self.payment = Payment("imp_1", "pos-1", 1200, Won(5_000), at, disposition)


@pytest.fixture
def records():
    return Records()


@pytest.fixture
def played():
    return []


@pytest.fixture
def arrivals(qtbot, texts, theme, instant, records, played):
    from PySide6.QtWidgets import QWidget

    ground = QWidget()
    qtbot.addWidget(ground)
    notice = Notice(texts, theme, ground, lambda: ground.rect())
    return Arrivals(
        texts, instant, records, notice, lambda attempt_id: True, FakeClock(), play=played.append
    )


ACCEPTED, REJECTED = PaymentDisposition.ACCEPTED, PaymentDisposition.REJECTED
ENDS = [
    (AttemptState.PAID, ACCEPTED, [Sound.PAID]),
    (AttemptState.PAID, REJECTED, [Sound.NOTICE]),
    (AttemptState.FAILED, None, [Sound.FAILED]),
    (AttemptState.EXPIRED, None, [Sound.FAILED]),
    (AttemptState.ABANDONED, None, []),
    (AttemptState.UNKNOWN, None, []),
    (AttemptState.WAITING, None, []),
]


@pytest.mark.parametrize(("state", "disposition", "expected"), ENDS)
def test_each_end_is_played_once(arrivals, records, played, state, disposition, expected):
    records.end(state, disposition)
    arrivals.attempt_changed(1)
    arrivals.attempt_changed(1)
    assert played == expected


@pytest.mark.parametrize(("state", "disposition", "expected"), ENDS)
def test_ends_of_an_earlier_run_are_not_played_unless_they_were_awaited(
    arrivals, records, played, state, disposition, expected
):
    records.end(state, disposition, ago=timedelta(hours=1))
    arrivals.attempt_changed(1)
    assert played == []
    records.attempt = replace(records.attempt, id=2)
    if records.payment is not None:
        records.payment = replace(records.payment, imp_uid="imp_2")
    arrivals.expect([2])
    arrivals.attempt_changed(2)
    assert played == expected


def test_a_payment_after_a_failure_is_played_too(arrivals, records, played):
    """A buyer tries again by the same QR, or the money is found late."""
    records.end(AttemptState.FAILED)
    arrivals.attempt_changed(1)
    records.end(AttemptState.PAID, ACCEPTED)
    arrivals.attempt_changed(1)
    assert played == [Sound.FAILED, Sound.PAID]
