"""A buyer's exchange and refund requests at the counter (docs/specification.md 5)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Self

from posapp.domain.actors import Actor
from posapp.domain.requests import Request, RequestKind, RequestState
from posapp.services.ports.buyer_search import RequestableItem, RequestablePage
from posapp.services.ports.requests import LARGEST_PAGE, RequestPage, RequestRow
from posapp.services.session import Session
from posapp.ui.buyer_requests.buyer_request_layout import BuyerRequestLayout
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets import boxes
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.dialog_slot import DialogSlot, failure_text
from posapp.ui.widgets.rows_model import RowsModel

if TYPE_CHECKING:
    from posapp.services.requests.buyer_lists import BuyerLists
    from posapp.services.requests.create_request import RequestService

PAGE = 50
"""Rows of a page."""


class BuyerRequestScreen(Screen):
    """Lists what a buyer can ask back now, and has asked back; a row of the first opens the form.

    A waiting request can be withdrawn, after a question.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        request_service: RequestService,
        lists: BuyerLists,
        session: Session | None = None,
    ) -> None:
        super().__init__(texts, theme, runner)
        self._session = session or Session()
        self._request_service, self._lists = request_service, lists
        self._actor: Actor | None = None
        self._wanted_item: int | None = None
        self._visit = 0
        self._dialogs = DialogSlot(self)
        self.view = view = BuyerRequestLayout(
            texts, theme, self._read_more_items, self._read_more_requests
        )
        self.banner, self.form = view.banner, view.form
        self.banner.acted.connect(self.banner.clear)
        view.number.submitted.connect(self._submitted)
        view.show_buyer.clicked.connect(self._submitted)
        view.items.opened.connect(self._begin_form)
        view.requests.opened.connect(self._ask_to_withdraw)
        view.withdraw.clicked.connect(self._ask_to_withdraw)
        view.ask.clicked.connect(self._begin_form)
        self.form.sent.connect(self._send)
        self.form.closed.connect(self._end_form)
        boxes.column(view, on=self)
        texts.changed.connect(self._write_head)
        self._show_nobody()

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        return cls(
            *(context.texts, context.theme, context.runner),
            *(services.request_service, services.buyer_lists, services.session),
        )

    @property
    def why_stay(self) -> str:
        """Return why a scan may not open another order now: a message id, or empty."""
        is_written = self.form.item is not None and bool(self.form.reason.text.strip())
        return "scan.while_written" if is_written else ""

    def open(self, actor: Actor, item_id: int | None = None) -> None:
        """Show a buyer's items and requests, with the form for an item."""
        self._show_nobody()
        self._actor, self._wanted_item = actor, item_id
        self.view.number.set_value(actor.user_id)
        self._write_head()
        self._read(PAGE if item_id is None else LARGEST_PAGE)

    def enter(self) -> None:
        """Ask for the buyer's number."""
        self._show_nobody()
        self.view.number.set_value(None)

    def clear(self) -> None:
        """Reset the page for the next user."""
        self.enter()

    def forget_typed(self) -> None:
        """Forget what is typed."""
        self.clear()

    def status_changed(self) -> None:
        """Read again, but not under a form that is being filled in."""
        if self.isVisible() and self._actor is not None and self.form.item is None:
            self._read(PAGE)

    def _show_nobody(self) -> None:
        self._visit += 1
        self._actor, self._wanted_item = None, None
        self._dialogs.close()
        self.banner.clear()
        self.form.set_busy(False)
        self.form.begin(None)
        self.view.show_form(False)
        self.view.show_items((), has_more=False, is_known=False)
        self.view.show_requests((), has_more=False, is_known=False)
        self.setFocusProxy(self.view.focus_place)
        self._write_head()

    def _submitted(self) -> None:
        number = self.view.number.value()
        if number is not None:
            self.open(Actor.buyer(number))

    def _read(self, size: int) -> None:
        lists, actor = self._lists, self._actor
        if actor is None:
            return
        self._runner.run(
            lambda: lists.requestable_items(actor, size),
            self._items_arrived,
            owner=self,
            key="items",
        )
        self._runner.run(
            lambda: lists.requests(actor, size), self._requests_arrived, owner=self, key="requests"
        )

    def _items_arrived(self, outcome: TaskResult[RequestablePage]) -> None:
        page = outcome.value
        if self._actor is None:
            return
        if page is None:
            self._fail(outcome.error)
            self.view.number.line.setFocus()
            self.view.number.line.selectAll()
            return
        self.view.show_items(page.rows, has_more=page.more, is_known=True)
        self.setFocusProxy(self.view.focus_place)
        wanted, self._wanted_item = self._wanted_item, None
        at = -1 if wanted is None else self.view.items_model.place_of(wanted)
        if at >= 0:
            self.view.items.select(at)
            self._begin_form()
            return
        if wanted is not None:
            self.banner.show_notice(
                lambda: self._texts("buyer_requests.impossible", item=wanted), button="words.close"
            )
        if self.isVisible() and self.form.item is None and not self._dialogs.is_open:
            self.view.focus_place.setFocus()

    def _requests_arrived(self, outcome: TaskResult[RequestPage]) -> None:
        page = outcome.value
        if page is not None and self._actor is not None:
            self.view.show_requests(page.rows, has_more=page.more, is_known=True)

    def _read_more_items(self) -> None:
        last, lists, actor = self.view.items_model.rows[-1], self._lists, self._actor
        if actor is not None:
            self._runner.run(
                lambda: lists.requestable_items(actor, PAGE, last.cursor),
                partial(_add, self.view.items_model),
                owner=self,
                key="items",
            )

    def _read_more_requests(self) -> None:
        last, lists, actor = self.view.requests_model.rows[-1], self._lists, self._actor
        if actor is not None:
            self._runner.run(
                lambda: lists.requests(actor, PAGE, (last.created_at, last.id)),
                partial(_add, self.view.requests_model),
                owner=self,
                key="requests",
            )

    def _begin_form(self) -> None:
        item = self.view.items.current
        if isinstance(item, RequestableItem):
            self.form.begin(item)
            self.view.show_form(True)
            self.setFocusProxy(self.view.focus_place)
            if self.isVisible():
                self.view.focus_place.setFocus()

    def _end_form(self) -> None:
        self.form.begin(None)
        self.view.show_form(False)
        self.setFocusProxy(self.view.focus_place)
        self.view.focus_place.setFocus()

    def _send(self) -> None:
        service, actor = self._request_service, self._actor
        item, kind = self.form.item, self.form.kind.key
        reason = self.form.reason.text.strip()
        if actor is None or item is None or not isinstance(kind, RequestKind):
            return
        self.form.set_busy(True)
        self.banner.clear()
        by = self._session.acting_for(actor)
        self._runner.run(
            lambda: service.create(by, item.item_id, kind, reason),
            partial(self._made, self._visit),
            owner=self,
        )

    def _made(self, visit: int, outcome: TaskResult[Request]) -> None:
        if self._ended(visit, outcome, "buyer_requests.sent"):
            self._end_form()

    def _ask_to_withdraw(self) -> None:
        row, texts = self.view.requests.current, self._texts
        if self._dialogs.is_open or not isinstance(row, RequestRow):
            return
        if row.state is not RequestState.WAIT:
            return
        question = ConfirmDialog(parent=self, waits=True)

        def write() -> None:
            kind = texts(f"requests.kind_{row.kind.value}")
            question.say(
                texts("buyer_requests.withdraw_question"), texts("buyer_requests.withdraw_why")
            )
            question.show_facts(
                (
                    (texts("deliveries.item"), display_text(row.product_name)),
                    (texts("deliveries.number"), str(row.item_id)),
                    (texts("buyer_requests.kind"), f"{kind} · {texts.won(row.amount)}"),
                    (texts("buyer_requests.reason"), display_text(row.reason)),
                )
            )
            question.set_answers(texts("buyer_requests.withdraw"), texts("words.close"))

        question.follow(texts, write)
        question.agreed.connect(partial(self._withdraw, row.item_id))
        self._dialogs.open(question)

    def _withdraw(self, item_id: int) -> None:
        service, actor = self._request_service, self._actor
        if actor is None:
            return
        self.banner.clear()
        by = self._session.acting_for(actor)
        self._runner.run(
            lambda: service.withdraw(by, item_id),
            partial(self._withdrawn, self._visit),
            owner=self,
        )

    def _withdrawn(self, visit: int, outcome: TaskResult[Request]) -> None:
        if self._dialogs.end(failure_text(self._texts, outcome.error)):
            self._read(PAGE)
        else:
            self._ended(visit, outcome, "buyer_requests.withdrawn")

    def _ended(self, visit: int, outcome: TaskResult[Request], text: str) -> bool:
        """Show how an action ended and read the lists again.

        Returns:
            ``False`` if nothing was done, or if the page shows another buyer by now.
        """
        if outcome.value is not None:
            self.item_changed.emit(outcome.value.order_id)
        if visit != self._visit:
            return False
        self.form.set_busy(False)
        self._read(PAGE)
        if outcome.value is None:
            self._fail(outcome.error)
            return False
        self.banner.show_success(lambda: self._texts(text), button="words.close")
        return True

    def _fail(self, error: Exception | None) -> None:
        self.banner.show_error(error or RuntimeError(), button="words.close")

    def _write_head(self) -> None:
        actor = self._actor
        self.set_head(
            subtitle="" if actor is None else self._texts("buyer_requests.of", buyer=actor.user_id)
        )


def _add(model: RowsModel, outcome: TaskResult[RequestablePage] | TaskResult[RequestPage]) -> None:
    """Add a further page to a list; without one it ends there."""
    page = outcome.value
    if page is None:
        model.add((), has_more=False)
    else:
        model.add(page.rows, has_more=page.more)
