"""The pay screen: order, QR, outcome (docs/specification.md 2.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.people import User
from posapp.services.ports.machine import Clock
from posapp.services.progress import PaySummary, Phase, Progress
from posapp.ui.background import TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.screens.pay_parts.code_panel import CodeFacts
from posapp.ui.screens.pay_parts.enter_key import EnterKey
from posapp.ui.screens.pay_parts.errands import Deed, Errands
from posapp.ui.screens.pay_parts.fetching import Fetched
from posapp.ui.screens.pay_parts.leaving import Leaving
from posapp.ui.screens.pay_parts.sighting import Sighting
from posapp.ui.screens.pay_parts.stage import Stage
from posapp.ui.screens.pay_parts.staying import Staying
from posapp.ui.theme import Theme
from posapp.ui.widgets.announcing import announce

if TYPE_CHECKING:
    from posapp.services.paying import Paying


class PayScreen(QWidget):
    """Takes an order from its summary through the QR to its outcome.

    What the service says of an attempt is read again whenever a signal names it: the screen never
    decides by itself whether something was paid.

    Args:
        clock: for the countdown.
        shop: the shop's name, as it stands beside the QR.
    """

    home_requested = Signal()
    """Back to payment home: nothing is live on this screen, or the person agreed."""

    receipt_requested = Signal(object)
    """The receipt of this order id."""

    paid = Signal(object)
    """An order id: a payment came to its good end while it was on screen."""

    wake_requested = Signal()
    """The background worker had better look at once."""

    def __init__(
        self,
        texts: Texts,
        theme: Theme,
        runner: TaskRunner,
        clock: Clock,
        *,
        shop: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._texts, self._shop = texts, shop
        self._asked, self._spoken = (0, 0), ""
        self._buyer: User | None = None
        self._online = True
        self.stage = Stage(texts, theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stage)
        self.setFocusProxy(self.stage)
        self._sighting = Sighting(clock, self)
        self._errands = Errands(runner, self)
        self.staying = Staying(self._sighting, self._errands)
        self._leaving = Leaving(texts, self)
        self._enter = EnterKey(self, lambda: self.stage.strong_button)
        self._connect()
        texts.changed.connect(self._write)
        self._write()

    @property
    def progress(self) -> Progress | None:
        """The attempt on screen, as it was read last."""
        return self._sighting.progress

    @property
    def is_live(self) -> bool:
        """Somebody may be scanning or paying: giving it up is for a person to decide."""
        return self._sighting.is_live

    def attach(self, paying: Paying) -> None:
        """The service stands; what was asked for before is looked up now."""
        self._errands.attach(paying)

    def open_order(self, user_id: int, order_id: int) -> None:
        """Show an order to be paid; if an attempt of it is live already, that attempt."""
        self._forget()
        self._asked = (user_id, order_id)
        self.stage.order.show_order(None, None)
        self.stage.show_waiting()
        self._errands.look_up(user_id, order_id)

    def show_attempt(self, progress: Progress) -> None:
        """Show an attempt again that was on screen before a restart."""
        self._forget()
        order = progress.order
        self._asked = (order.buyer_id if order else 0, progress.attempt.order_id)
        self.stage.order.show_order(order, None)
        self._receive(progress)
        self._read_again()
        if order is not None:
            self._errands.find_buyer(*self._asked)

    @Slot(object)
    def attempt_changed(self, attempt_id: object) -> None:
        """The background worker saw something of an attempt."""
        if self._sighting.is_of(attempt_id):
            self._read_again()

    @Slot(object)
    def refund_changed(self, refund_id: object) -> None:
        """The background worker saw something of a refund: it may be this attempt's."""
        if self._sighting.may_have_refund(refund_id):
            self._read_again()

    @Slot(bool)
    def set_online(self, online: bool) -> None:
        """PortOne can be reached, or cannot: said beside the code, which stays."""
        self._online = online
        self.stage.code.show_notice("" if online else self._texts("pay.offline"))

    def may_leave(self) -> bool:
        """Whether the person can go at once. If not, they are asked, and ``home_requested`` comes
        if they want to go nevertheless. Work that goes on by itself needs nobody to watch it."""
        if self.is_live:
            self.ask_to_leave(self.home_requested.emit)
            return False
        self._forget()
        return True

    def withdraw_question(self) -> None:
        """Take back the question whether to leave this screen; the QR stays as it is."""
        self._leaving.close()

    def ask_to_leave(self, then: Callable[[], None]) -> None:
        """Ask, if a QR is live, whether to go on watching it or to give it up, and call ``then``
        once nothing is live."""
        if self.is_live:
            self._leaving.ask(then)
        else:
            self._forget()
            then()

    def _connect(self) -> None:
        stage, errands = self.stage, self._errands
        self._sighting.countdown.ticked.connect(stage.code.show_seconds)
        self._sighting.countdown.ended.connect(self._time_is_over)
        stage.back.clicked.connect(self._home)
        stage.end.home_requested.connect(self._home)
        stage.end.receipt_requested.connect(self._show_receipt)
        for asks_for_code in (stage.ready.pay_requested, stage.end.retry_requested):
            asks_for_code.connect(self._start)
        for asks_to_stop in (stage.code.stop_requested, stage.end.stop_requested):
            asks_to_stop.connect(self._stop)
        self._leaving.agreed.connect(self._leave_agreed)
        errands.began.connect(stage.show_working)
        errands.looked_up.connect(self._looked_up)
        errands.buyer_found.connect(self._buyer_found)
        errands.started.connect(self._started)
        errands.stopped.connect(self._stopped)
        errands.read.connect(self._take)
        errands.refused.connect(self._refused)

    # What the person does.

    def _start(self) -> None:
        if self._asked[1]:
            self._errands.start(*self._asked)

    def _stop(self) -> None:
        if self.progress is not None:
            self._errands.stop(self.progress.attempt.id, self._sighting.link)

    def _home(self) -> None:
        if self.may_leave():
            self.home_requested.emit()

    def _show_receipt(self) -> None:
        self.receipt_requested.emit(self._asked[1])

    def _leave_agreed(self) -> None:
        if self.is_live:
            self._stop()
        else:
            self._go_on()

    def _go_on(self) -> None:
        then = self._leaving.then
        if then is not None:
            self._forget()
            then()

    # What the service answers.

    def _looked_up(self, summary: PaySummary) -> None:
        self._buyer = summary.buyer
        self.stage.order.show_order(summary.order, summary.buyer)
        self.stage.ready.show_amount(summary.order.total)
        self.stage.show_page(self.stage.ready)
        if summary.live is not None:
            self._errands.read_again(summary.live.id, "")

    def _buyer_found(self, summary: PaySummary) -> None:
        self._buyer = summary.buyer
        self.stage.order.show_order(summary.order, summary.buyer)

    def _started(self, news: Fetched) -> None:
        self._take(news)
        self.wake_requested.emit()
        # Something may have happened while nobody here knew the attempt's number.
        self._read_again()

    def _stopped(self, news: Fetched) -> None:
        self._take(news)
        if news.progress.phase is Phase.STOPPED:
            self._go_on()
        self._leaving.forget()  # it was paid, or it is not clear: that has to be seen first
        self._read_again()

    def _refused(self, deed: Deed, error: Exception) -> None:
        if deed in (Deed.LOOK_UP, Deed.START):
            self._sighting.fail(error)
        else:
            self._leaving.forget()
            self.stage.banner.show_error(error, button="words.close")
        self._show_standing()

    def _read_again(self) -> None:
        if self.progress is not None:
            self._errands.read_again(self.progress.attempt.id, self._sighting.link)

    def _time_is_over(self) -> None:
        self._show_standing()
        self.wake_requested.emit()

    # What is shown.

    def _forget(self) -> None:
        """Show nothing of an order any more; whatever is under way ends without this screen."""
        self._errands.begin_visit()
        self._asked = (0, 0)
        self._leaving.forget()
        self._buyer = None
        self._spoken = ""
        self._sighting.forget()
        self.stage.code.code.clear()
        self.stage.banner.clear()
        self.stage.ready.show_amount(None)

    def _take(self, news: Fetched) -> None:
        if news.matrix is not None:
            self._sighting.link = news.progress.attempt.link_url
            self.stage.code.code.show_matrix(news.matrix)
        self._receive(news.progress)

    def _receive(self, progress: Progress) -> None:
        is_paid_now = self._sighting.read(progress)
        if progress.order is not None:
            self.stage.order.show_order(progress.order, self._buyer)
        self._show_standing()
        if is_paid_now:
            self.paid.emit(progress.attempt.order_id)

    def _show_standing(self) -> None:
        standing = self._sighting.standing(self._texts)
        if standing is None:
            return
        attempt = self.progress.attempt if self.progress is not None else None
        if attempt is not None and self._sighting.is_scannable:
            facts = CodeFacts(self._shop, attempt.order_id, attempt.amount)
            idle = self._errands.deed is Deed.NONE
            self.stage.show_code(standing, facts, can_stop=idle, focus=not self._leaving.is_asking)
        else:
            self.stage.code.code.clear()
            self._sighting.link = ""
            amount = attempt.amount if attempt is not None else None
            working = self._errands.deed in (Deed.START, Deed.STOP)
            self.stage.show_end(standing, amount, working=working)
            if not self.is_live:
                self._leaving.close()  # there is nothing left to ask about
        words = f"{standing.word}. {standing.spoken}"
        if words != self._spoken:
            self._spoken = words
            announce(self, words, urgent=standing.tone == "error")

    def _write(self) -> None:
        self.setAccessibleName(self._texts("pay.title"))
        self.set_online(self._online)
        self._spoken = ""
        self._show_standing()
