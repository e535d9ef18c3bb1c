"""What a person has to hear of wherever they are: a payment that arrives, a refund that ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication

from posapp.domain.payments import Attempt, Payment, PaymentStanding
from posapp.services.ports.machine import Clock
from posapp.services.progress import Progress
from posapp.ui.background import Outcome, TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.widgets.notice import Notice

if TYPE_CHECKING:
    from posapp.services.paying import Paying


LONG_ENOUGH_MS = 8_000
"""How long a notice stands at least; after that it leaves when the person goes to another screen.
The list of open money and the order's history keep the fact."""


@dataclass(frozen=True, slots=True)
class News:
    """Something that nobody has looked at yet.

    Attributes:
        order_id: the order that it is about; 0 for what the sync page tells of.
    """

    order_id: int
    make: Callable[[], str]
    tone: str


class Arrivals(QObject):
    """Reads each attempt that changed, and tells once of each payment that arrives while the
    program runs. A payment that the records had before, or that comparing brought back, is no
    news: who opens the till finds it in its order.

    Args:
        clock: which payments are older than this run, and how long a notice has stood.
        is_shown: whether an attempt is on screen this moment: there a sound is enough.
        sound: makes it.
    """

    view_requested = Signal(object)
    """The order of the newest of them; its id."""

    sync_requested = Signal()
    """The newest of them is told in full on the sync page."""

    def __init__(
        self,
        texts: Texts,
        runner: TaskRunner,
        notice: Notice,
        is_shown: Callable[[int], bool],
        clock: Clock,
        *,
        sound: Callable[[], None] = QApplication.beep,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent or notice)
        self._texts, self._runner, self._notice = texts, runner, notice
        self._is_shown, self._sound = is_shown, sound
        self._paying: Paying | None = None
        self._told: set[str] = set()
        self._unseen: list[News] = []
        self._clock = clock
        self._shown_ms = 0
        # PortOne tells times in whole seconds.
        self._began = clock.now().replace(microsecond=0)
        self._expected: frozenset[int] = frozenset()
        notice.view_requested.connect(self._view)
        notice.close_requested.connect(self._close)

    @property
    def unseen(self) -> tuple[News, ...]:
        """What was told and not looked at yet, oldest first."""
        return tuple(self._unseen)

    def attach(self, paying: Paying) -> None:
        """The service stands."""
        self._paying = paying

    def expect(self, attempt_ids: Iterable[int]) -> None:
        """These attempts waited for their payment when the program began."""
        self._expected = frozenset(attempt_ids)

    @Slot(object)
    def attempt_changed(self, attempt_id: int) -> None:
        """The background worker saw something of an attempt."""
        paying = self._paying
        if paying is not None:
            work = partial(paying.progress, attempt_id)
            self._runner.run(work, self._read, owner=self, key=("attempt", attempt_id))

    def _read(self, outcome: Outcome[Progress]) -> None:
        progress = outcome.value
        payment = progress.payment if progress is not None else None
        if progress is None or payment is None or payment.imp_uid in self._told:
            return
        self._told.add(payment.imp_uid)
        if not self._is_news(progress.attempt, payment):
            return
        self._sound()
        if self._is_shown(progress.attempt.id):
            return
        is_kept = payment.standing is PaymentStanding.ACCEPTED
        message = "window.arrived" if is_kept else "window.arrived_wrongly"
        order_id, amount, texts = progress.attempt.order_id, payment.amount, self._texts
        self.tell(
            order_id,
            lambda: texts(message, order=order_id, amount=texts.won(amount)),
            "success" if is_kept else "warning",
        )

    def _is_news(self, attempt: Attempt, payment: Payment) -> bool:
        return (
            attempt.id in self._expected
            or attempt.created_at >= self._began
            or payment.paid_at >= self._began
        )

    def tell(self, order_id: int, make: Callable[[], str], tone: str) -> None:
        """Tell something about an order over whatever screen is up, until somebody has seen it.

        Args:
            order_id: 0 for what the sync page tells of.
            make: makes the words, in the language of the moment.
            tone: success, warning or error.
        """
        self._unseen.append(News(order_id, make, tone))
        self._show()

    @Slot(object)
    def order_shown(self, order_id: int) -> None:
        """An order is before the person: nothing about it is news any more."""
        left = [one for one in self._unseen if one.order_id != order_id]
        if len(left) < len(self._unseen):
            self._unseen = left
            self._show()

    @Slot()
    def screen_changed(self) -> None:
        """The person goes to another screen: what stood long enough leaves, one at a time."""
        if self._unseen and self._clock.monotonic() - self._shown_ms >= LONG_ENOUGH_MS:
            self._unseen.pop()
            self._show()

    def _show(self) -> None:
        if not self._unseen:
            self._notice.clear()
            return
        newest, others = self._unseen[-1], len(self._unseen) - 1
        self._shown_ms = self._clock.monotonic()
        self._notice.show_words(partial(self._words, newest, others), newest.tone, urgent=True)

    def _words(self, news: News, others: int) -> str:
        words = news.make()
        return f"{words} {self._texts('window.arrived_more', count=others)}" if others else words

    @Slot()
    def _view(self) -> None:
        if self._unseen:
            newest = self._unseen.pop()
            self._show()
            if newest.order_id:
                self.view_requested.emit(newest.order_id)
            else:
                self.sync_requested.emit()

    @Slot()
    def _close(self) -> None:
        self._unseen.clear()
        self._show()
