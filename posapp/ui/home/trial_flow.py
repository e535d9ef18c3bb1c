"""The trial payment on the first page: offered, paid by QR, and given back by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from posapp.services.refunds.trial_payment import AMOUNT, TrialOrder, TrialState
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.home.home_screen import HomeScreen

if TYPE_CHECKING:
    from posapp.services.refunds.trial_payment import TrialPaymentService
    from posapp.services.session import Session

_BUTTONS = {
    TrialState.OFFERED: "trial.begin",
    TrialState.WAITING: "trial.begin",
    TrialState.PAID: "trial.give_back",
    TrialState.RETURNING: "",
}


class TrialFlow(QObject):
    """Says on the first page how far the trial payment is, and carries it out."""

    order_ready = Signal(object)
    """The order is to be paid. Carries the ``TrialOrder``."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        service: TrialPaymentService,
        session: Session,
        home: HomeScreen,
        *,
        live: bool,
    ) -> None:
        super().__init__(home)
        self._texts, self._runner, self._home = texts, runner, home
        self._service, self._session, self._live = service, session, live
        self.state = TrialState.OVER

    @Slot()
    def read(self) -> None:
        """Read how far it is, for whoever is at the till."""
        read, actor = self._service.read, self._session.actor
        self._runner.run(lambda: read(actor), self._show, owner=self, key="trial")

    @Slot(object)
    def money_changed(self, _id: object) -> None:
        """Read anew after a payment or refund, while the trial payment is under way."""
        if self.state is not TrialState.OVER:
            self.read()

    def _show(self, outcome: TaskResult[TrialState]) -> None:
        before, now = self.state, outcome.value
        if now is None:
            return
        self.state = now
        if now is TrialState.OVER:
            self._home.show_offer(None)
            return
        self._home.show_offer(self._make_text(now), _BUTTONS[now], self._press)
        if now is TrialState.PAID and before is TrialState.WAITING:
            self._give_back()

    def _make_text(self, state: TrialState) -> Callable[[], str]:
        is_to_pay = state in (TrialState.OFFERED, TrialState.WAITING)
        mode = "live" if self._live else "test"
        message = f"trial.offer_{mode}" if is_to_pay else f"trial.{state.value}"
        return self._texts.bind(message, amount=lambda: self._texts.won(AMOUNT))

    def _press(self) -> None:
        if self.state is TrialState.PAID:
            self._give_back()
        elif self.state is not TrialState.RETURNING:
            begin, actor, name = self._service.begin, self._session.actor, self._name
            self._runner.run(lambda: begin(actor, name), self._begun, owner=self, key="begin")

    def _begun(self, outcome: TaskResult[TrialOrder]) -> None:
        if outcome.value is None:
            self._home.show_error(outcome.error or RuntimeError())
            return
        self.state = TrialState.WAITING
        self.order_ready.emit(outcome.value)

    def _give_back(self) -> None:
        give_back, actor, reason = self._service.give_back, self._session.actor, self._name
        self._runner.run(
            lambda: give_back(actor, reason), self._given_back, owner=self, key="give back"
        )

    def _given_back(self, outcome: TaskResult[bool]) -> None:
        if outcome.error is not None:
            self._home.show_error(outcome.error)
        else:
            self.read()

    @property
    def _name(self) -> str:
        return self._texts("trial.name")
