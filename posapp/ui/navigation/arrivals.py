"""Notices on every screen: a payment that arrives, a refund that ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from posapp.domain.payments import Attempt, Payment, PaymentDisposition
from posapp.services.payments.payment_progress import PaymentPhase, PaymentProgress
from posapp.services.ports.sound_player import Sound
from posapp.services.ports.system import Clock
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.widgets.notice import Notice

if TYPE_CHECKING:
    from posapp.services.payments.start_payment import PaymentService


LONG_ENOUGH_MS = 8_000
"""Minimum display time of a notice in milliseconds; afterwards a change of screen removes it.

The list of unresolved money and the order's history keep the fact.
"""


UNPAID = frozenset({PaymentPhase.FAILED, PaymentPhase.EXPIRED})
"""Ends of an attempt without money that nobody at the till chose."""


@dataclass(frozen=True, slots=True)
class News:
    """A notice that is not yet acknowledged.

    Attributes:
        order_id: the order it concerns; 0 for the sync page.
        make: returns the text in the current language.
        view: what its button does, where it concerns neither.
    """

    order_id: int
    make: Callable[[], str]
    tone: str
    view: Callable[[], None] | None = None


class Arrivals(QObject):
    """Reads each changed attempt and notifies once of each payment that arrives in this run.

    An attempt of this run that ends without money makes a sound, too, and no notice.

    A payment recorded earlier, or found by reconciliation, is no news: it is visible in its order.

    Args:
        clock: separates older payments from this run's, and measures how long a notice is shown.
        is_shown: whether an attempt is on screen now: there a sound is enough.
        play: plays a sound.
    """

    view_requested = Signal(object)
    """Show the order of the newest notice. Carries its id."""

    sync_requested = Signal()
    """Show the sync page, which the newest notice concerns."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        payment_service: PaymentService,
        notice: Notice,
        is_shown: Callable[[int], bool],
        clock: Clock,
        *,
        play: Callable[[Sound], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent or notice)
        self._texts, self._runner, self._notice = texts, runner, notice
        self._is_shown, self._play = is_shown, play
        self._payment_service = payment_service
        self._notified: set[str] = set()
        self._failed: set[int] = set()
        self._unseen: list[News] = []
        self._clock = clock
        self._shown_ms = 0
        # PortOne's times have whole seconds.
        self._began = clock.now().replace(microsecond=0)
        self._expected: frozenset[int] = frozenset()
        notice.view_requested.connect(self._view)
        notice.close_requested.connect(self._close)

    @property
    def unseen(self) -> tuple[News, ...]:
        """Return the notices not yet acknowledged, oldest first."""
        return tuple(self._unseen)

    def expect(self, attempt_ids: Iterable[int]) -> None:
        """Set the attempts that were waiting for payment at program start."""
        self._expected = frozenset(attempt_ids)

    @Slot(object)
    def attempt_changed(self, attempt_id: int) -> None:
        """Read an attempt that the background worker reported."""
        work = partial(self._payment_service.get_progress, attempt_id)
        self._runner.run(work, self._read, owner=self, key=("attempt", attempt_id))

    def _read(self, outcome: TaskResult[PaymentProgress]) -> None:
        progress = outcome.value
        if progress is None:
            return
        if progress.payment is not None:
            self._read_payment(progress, progress.payment)
        elif progress.phase in UNPAID and progress.attempt.id not in self._failed:
            self._failed.add(progress.attempt.id)
            if self._is_of_this_run(progress.attempt):
                self._play(Sound.FAILED)

    def _read_payment(self, progress: PaymentProgress, payment: Payment) -> None:
        if payment.imp_uid in self._notified:
            return
        self._notified.add(payment.imp_uid)
        if not self._is_of_this_run(progress.attempt) and payment.paid_at < self._began:
            return
        is_kept = payment.disposition is PaymentDisposition.ACCEPTED
        self._play(Sound.PAID if is_kept else Sound.NOTICE)
        if self._is_shown(progress.attempt.id):
            return
        message = "window.arrived" if is_kept else "window.arrived_wrongly"
        order_id, amount, texts = progress.attempt.order_id, payment.amount, self._texts
        self.notify(
            order_id,
            lambda: texts(message, order=order_id, amount=texts.won(amount)),
            "success" if is_kept else "warning",
        )

    def _is_of_this_run(self, attempt: Attempt) -> bool:
        return attempt.id in self._expected or attempt.created_at >= self._began

    def notify(self, order_id: int, make: Callable[[], str], tone: str) -> None:
        """Show a notice about an order over every screen until it is acknowledged.

        Args:
            order_id: 0 for the sync page.
            make: returns the text in the current language.
            tone: success, warning or error.
        """
        self._unseen.append(News(order_id, make, tone))
        self._show()

    def notify_of(self, make: Callable[[], str], tone: str, view: Callable[[], None]) -> None:
        """Show a notice that is about no order; ``view`` is what its button does."""
        self._unseen.append(News(0, make, tone, view))
        self._show()

    @Slot(object)
    def order_shown(self, order_id: int) -> None:
        """Remove the notices about an order that is now on screen."""
        left = [one for one in self._unseen if one.order_id != order_id]
        if len(left) < len(self._unseen):
            self._unseen = left
            self._show()

    @Slot()
    def screen_changed(self) -> None:
        """Remove the newest notice if it was shown long enough."""
        if self._unseen and self._clock.monotonic() - self._shown_ms >= LONG_ENOUGH_MS:
            self._unseen.pop()
            self._show()

    def _show(self) -> None:
        if not self._unseen:
            self._notice.clear()
            return
        newest, others = self._unseen[-1], len(self._unseen) - 1
        self._shown_ms = self._clock.monotonic()
        self._notice.show_text(partial(self._text, newest, others), newest.tone, urgent=True)

    def _text(self, news: News, others: int) -> str:
        text = news.make()
        return f"{text} {self._texts('window.arrived_more', count=others)}" if others else text

    @Slot()
    def _view(self) -> None:
        if self._unseen:
            newest = self._unseen.pop()
            self._show()
            if newest.view is not None:
                newest.view()
            elif newest.order_id:
                self.view_requested.emit(newest.order_id)
            else:
                self.sync_requested.emit()

    @Slot()
    def _close(self) -> None:
        self._unseen.clear()
        self._show()
