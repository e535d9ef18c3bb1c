"""A buyer's exchange and refund requests at the counter (docs/specification.md 5)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.requests import Request, RequestKind, RequestState
from posapp.ui.background import Outcome, TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.screens.request_parts.request_card import RequestCard
from posapp.ui.screens.request_parts.request_form import RequestForm
from posapp.ui.screens.request_parts.two_columns import TwoColumns
from posapp.ui.theme import Theme
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.question import Question
from posapp.ui.widgets.roles import Label

if TYPE_CHECKING:
    from posapp.services.requesting import Requesting

_SHOWN = 20


class BuyerRequestsScreen(QWidget):
    """Makes a request for an own delivered item, shows the buyer's requests, and takes a waiting
    one back."""

    home_requested = Signal()
    """Back to payment home."""

    request_changed = Signal(object)
    """A request was made or withdrawn: the id of its order."""

    def __init__(
        self, texts: Texts, theme: Theme, runner: TaskRunner, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._texts, self._theme, self._runner = texts, theme, runner
        self._requesting: Requesting | None = None
        self._asked: tuple[int, int | None] | None = None
        self._visit = 0
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
        self.page = TwoColumns(self.banner, self.form, right, self)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.page)
        self.setFocusProxy(self.form)
        texts.changed.connect(self._write)
        self._write()

    @property
    def why_stay(self) -> str:
        """Why a scan may not open another order now: a message id, or empty."""
        return "scan.while_written" if self.form.reason.text().strip() else ""

    def attach(self, requesting: Requesting) -> None:
        """The service stands; who was asked for before is looked up now."""
        self._requesting = requesting
        self._read()

    def open(self, user_id: int, item_id: int | None = None) -> None:
        """Show a buyer's requests, ready to make one for an item."""
        self._asked = user_id, item_id
        self._visit += 1
        self.banner.clear()
        self._show_cards(())
        self.form.set_busy(False)
        self.form.setEnabled(True)
        self.form.begin(item_id)
        self._write()
        self._read()

    def _read(self) -> None:
        requesting, asked = self._requesting, self._asked
        if requesting is None or asked is None:
            return
        user_id = asked[0]
        self._runner.run(lambda: requesting.of_buyer(user_id), self._listed, owner=self, key="list")

    def _listed(self, outcome: Outcome[tuple[Request, ...]]) -> None:
        if outcome.value is None:
            self.form.setEnabled(False)
            self.banner.show_error(outcome.error or RuntimeError())
            return
        self._show_cards(outcome.value)

    def _send(self) -> None:
        requesting, asked, item_id = self._requesting, self._asked, self.form.item.value()
        if requesting is None or asked is None or item_id is None:
            return
        user_id, kind = asked[0], self.form.kind.key
        reason = self.form.reason.text().strip()
        if not isinstance(kind, RequestKind):
            return
        self.form.set_busy(True)
        self.banner.clear()
        self._runner.run(
            lambda: requesting.make(user_id, item_id, kind, reason),
            partial(self._made, self._visit),
            owner=self,
        )

    def _made(self, visit: int, outcome: Outcome[Request]) -> None:
        if not self._ended(visit, outcome, "buyer_requests.sent"):
            return
        self.form.begin(None)

    def _ask_to_withdraw(self, item_id: int) -> None:
        texts = self._texts
        question = Question(
            texts("buyer_requests.withdraw_question"),
            texts("buyer_requests.withdraw_why", item=item_id),
            texts("buyer_requests.withdraw"),
            texts("buyer_requests.keep"),
            self,
        )
        question.agreed.connect(lambda: self._withdraw(item_id))
        question.open()

    def _withdraw(self, item_id: int) -> None:
        requesting, asked = self._requesting, self._asked
        if requesting is None or asked is None:
            return
        user_id = asked[0]
        self.banner.clear()
        self._runner.run(
            lambda: requesting.withdraw(user_id, item_id),
            partial(self._withdrawn, self._visit),
            owner=self,
        )

    def _withdrawn(self, visit: int, outcome: Outcome[Request]) -> None:
        self._ended(visit, outcome, "buyer_requests.withdrawn")

    def _ended(self, visit: int, outcome: Outcome[Request], words: str) -> bool:
        """Tell how a deed ended and read the list again; ``False`` if nothing was done, or if
        somebody else is served by now."""
        if outcome.value is not None:
            self.request_changed.emit(outcome.value.order_id)
        if visit != self._visit:
            return False
        self.form.set_busy(False)
        self._read()
        if outcome.value is None:
            self.banner.show_error(outcome.error or RuntimeError(), button="words.close")
            return False
        self.banner.show_success(lambda: self._texts(words), button="words.close")
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

    def _write(self) -> None:
        texts = self._texts
        user = "" if self._asked is None else texts("buyer_requests.of", buyer=self._asked[0])
        self.page.set_words(texts("buyer_requests.title"), user)
        self._heading.setText(texts("buyer_requests.list"))
        self._empty.setText(texts("buyer_requests.empty"))
