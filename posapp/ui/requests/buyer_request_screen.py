"""A buyer's exchange and refund requests at the counter (docs/specification.md 5)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.actors import Actor
from posapp.domain.requests import Request, RequestKind, RequestState
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.requests.request_card import RequestCard
from posapp.ui.requests.request_form import RequestForm
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.dialog_slot import DialogSlot, failure_text
from posapp.ui.widgets.roles import Label
from posapp.ui.widgets.two_column_page import TwoColumnPage

if TYPE_CHECKING:
    from posapp.services.requests.create_request import RequestService

_SHOWN = 20


class BuyerRequestScreen(Screen):
    """Creates a request for a buyer's delivered item and lists the buyer's requests.

    A waiting request can be withdrawn.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        request_service: RequestService,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(texts, theme, runner, parent)
        self._request_service = request_service
        self._target: tuple[Actor, int | None] | None = None
        self._visit = 0
        self._question = DialogSlot(self)
        self.cards: list[RequestCard] = []
        self.banner = Banner(texts, theme)
        self.banner.acted.connect(self._banner_pressed)
        self.form = RequestForm(texts, theme)
        self.form.sent.connect(self._send)
        self._heading = Label("heading")
        self._empty = Label("muted", wraps=True)
        right = QWidget()
        self._list = QVBoxLayout(right)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(12)
        self._list.addWidget(self._heading)
        self._list.addWidget(self._empty)
        self.page = TwoColumnPage(self.banner, self.form, right, self)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.page)
        self.setFocusProxy(self.form)
        texts.changed.connect(self._retranslate)
        self._retranslate()

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        return cls(context.texts, context.theme, context.runner, context.services.request_service)

    @property
    def why_stay(self) -> str:
        """Return why a scan may not open another order now: a message id, or empty."""
        return "scan.while_written" if self.form.reason.text().strip() else ""

    def open(self, actor: Actor, item_id: int | None = None) -> None:
        """Show a buyer's requests, with the form for an item."""
        self._target = actor, item_id
        self._visit += 1
        self.banner.clear()
        self._show_cards(())
        self.form.set_busy(False)
        self.form.setEnabled(True)
        self.form.begin(item_id)
        self._retranslate()
        self._read()

    def _read(self) -> None:
        request_service, target = self._request_service, self._target
        if target is None:
            return
        actor = target[0]
        self._runner.run(
            lambda: request_service.of_buyer(actor), self._listed, owner=self, key="list"
        )

    def _listed(self, outcome: TaskResult[tuple[Request, ...]]) -> None:
        if outcome.value is None:
            self.form.setEnabled(False)
            self.banner.show_error(outcome.error or RuntimeError(), button="order_page.home")
            return
        self._show_cards(outcome.value)

    def _send(self) -> None:
        request_service, target = self._request_service, self._target
        item_id = self.form.item.value()
        if target is None or item_id is None:
            return
        actor, kind = target[0], self.form.kind.key
        reason = self.form.reason.text().strip()
        if not isinstance(kind, RequestKind):
            return
        self.form.set_busy(True)
        self.banner.clear()
        self._runner.run(
            lambda: request_service.create(actor, item_id, kind, reason),
            partial(self._made, self._visit),
            owner=self,
        )

    def _made(self, visit: int, outcome: TaskResult[Request]) -> None:
        if not self._ended(visit, outcome, "buyer_requests.sent"):
            return
        self.form.begin(None)

    def _ask_to_withdraw(self, item_id: int) -> None:
        texts = self._texts
        if self._question.is_open:
            return
        question = ConfirmDialog(
            texts("buyer_requests.withdraw_question"),
            texts("buyer_requests.withdraw_why", item=item_id),
            texts("buyer_requests.withdraw"),
            texts("words.close"),
            self,
            waits=True,
        )
        question.agreed.connect(lambda: self._withdraw(item_id))
        self._question.open(question)

    def _withdraw(self, item_id: int) -> None:
        request_service, target = self._request_service, self._target
        if target is None:
            return
        actor = target[0]
        self.banner.clear()
        self._runner.run(
            lambda: request_service.withdraw(actor, item_id),
            partial(self._withdrawn, self._visit),
            owner=self,
        )

    def _withdrawn(self, visit: int, outcome: TaskResult[Request]) -> None:
        if not self._question.end(failure_text(self._texts, outcome.error)):
            self._ended(visit, outcome, "buyer_requests.withdrawn")

    def _ended(self, visit: int, outcome: TaskResult[Request], text: str) -> bool:
        """Show how an action ended and reload the list.

        Returns:
            ``False`` if nothing was done, or if the screen shows another buyer by now.
        """
        if outcome.value is not None:
            self.item_changed.emit(outcome.value.order_id)
        if visit != self._visit:
            return False
        self.form.set_busy(False)
        self._read()
        if outcome.value is None:
            self.banner.show_error(outcome.error or RuntimeError(), button="words.close")
            return False
        self.banner.show_success(lambda: self._texts(text), button="words.close")
        return True

    def _banner_pressed(self) -> None:
        if self.form.isEnabled():
            self.banner.clear()
            self.form.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.home_requested.emit()

    def _show_cards(self, requests: tuple[Request, ...]) -> None:
        if tuple(card.request for card in self.cards) == requests[:_SHOWN] and requests:
            return
        for card in self.cards:
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()
        waiting_first = sorted(requests, key=lambda one: one.state is not RequestState.WAIT)
        self.cards = [RequestCard(self._texts, self._theme, one) for one in waiting_first[:_SHOWN]]
        for card in self.cards:
            card.withdraw_pressed.connect(self._ask_to_withdraw)
            self._list.addWidget(card)
        self._empty.setVisible(not self.cards)

    def _retranslate(self) -> None:
        texts = self._texts
        user = "" if self._target is None else texts("buyer_requests.of", buyer=self._target[0].id)
        self.set_head(subtitle=user)
        self._heading.setText(texts("buyer_requests.list"))
        self._empty.setText(texts("buyer_requests.empty"))
