"""Every way by which a window sends money, over services that record their calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from PySide6.QtWidgets import QLabel, QWidget

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.refunds import RefundState
from posapp.services.orders.order_history import OrderHistory
from posapp.services.refunds.cancel_item import RefundWithItem
from posapp.services.refunds.cancel_remainder import RemainderOffer
from posapp.services.session import Session
from posapp.ui.cancellation.cancel_card import CancelCard
from posapp.ui.cancellation.cancel_screen import CancelScreen
from posapp.ui.core.i18n import Translator
from posapp.ui.core.record_reader import RecordReader
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.orders.order_screen import OrderScreen
from posapp.ui.requests.request_desk_screen import RequestDeskScreen
from posapp.ui.sync.sync_screen import SyncScreen
from posapp.ui.unresolved.unresolved_screen import UnresolvedScreen
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from tests.ui.cancel.shop_records import (
    ITEMS,
    MISMATCH,
    NOW,
    PAYMENT,
    FakeCancelling,
    FakeHistories,
    FakeOpenMoney,
    FakeRest,
    history,
    open_refunds,
    refund,
    summary,
)
from tests.ui.requests.desk_records import (
    SELLER,
    FakeClock,
    FakeDesk,
    FakeExport,
    FakeFilterStore,
)
from tests.ui.sync.pending_records import NOW as SYNC_NOW
from tests.ui.sync.pending_records import TAKEN, TRIED, UNCLEAR, a_report
from tests.ui.sync.pending_records import FakeDesk as FakeSync

R = RefundState
REFUSAL = UserError(ErrorCode.MONEY_IN_DOUBT)
PART = refund(R.REFUSED, gateway_code=-1, refused_as="partial")
OFFER = RemainderOffer(PART, PAYMENT, ITEMS[:2], Won(42_000))
REST = replace(
    refund(R.APPROVED, 8, of=None, origin=PART.origin, covers="2048 2049"), amount=Won(42_000)
)


@dataclass
class MoneyCase:
    """A window with a way to send money.

    Attributes:
        start: presses what starts it.
        sent: the calls of services that send money.
        amount: what is asked about, as it is written.
        refuse: lets the service refuse from now on.
        said: what was said in passing.
    """

    screen: QWidget
    start: Callable[[], None]
    sent: Callable[[], list[Any]]
    amount: str
    refuse: Callable[[], None]
    said: list[str] = field(default_factory=list)

    def asked(self) -> ConfirmDialog | CancelCard:
        """Return the question that is on screen."""
        kinds = (ConfirmDialog, CancelCard)
        windows = self.screen.window().findChildren(QWidget)
        (found,) = [one for one in windows if isinstance(one, kinds) and one.isVisible()]
        return found

    def shown(self) -> str:
        """Return everything that is written in the window now, and what was said in passing."""
        labels = self.screen.window().findChildren(QLabel)
        return "\n".join([*(one.text() for one in labels if one.isVisible()), *self.said])


@dataclass
class Maker:
    """What a screen is made of."""

    texts: Translator
    theme: Theme
    runner: TaskRunner
    show: Callable[[QWidget], None]

    @property
    def common(self) -> tuple[Translator, Theme, TaskRunner]:
        return self.texts, self.theme, self.runner


def _cancelling() -> FakeCancelling:
    kept = refund(R.APPROVED)
    views = {7: RefundWithItem(kept, ITEMS[0]), 8: RefundWithItem(REST, None, ITEMS[:2])}
    return FakeCancelling(found=summary(), kept=kept, views=views)


def cancel_page(make: Maker) -> MoneyCase:
    service = _cancelling()
    screen = CancelScreen(*make.common, service, FakeRest())
    make.show(screen)

    def refuse() -> None:
        service.kept = REFUSAL

    return MoneyCase(
        screen,
        lambda: screen.open(Actor.buyer(12), 2048),
        service.actions,
        "18,000원",
        refuse,
    )


def rest_on_the_cancel_page(make: Maker) -> MoneyCase:
    service, rest = _cancelling(), FakeRest(OFFER, REST)
    service.found = summary(actor=Actor.seller(3), last=PART)
    screen = CancelScreen(*make.common, service, rest)
    make.show(screen)

    def start() -> None:
        screen.open(Actor.seller(3), 2048)
        screen.view.outcome.rest.click()

    def refuse() -> None:
        rest.kept = REFUSAL

    return MoneyCase(screen, start, lambda: rest.calls, "42,000원", refuse)


@dataclass
class RecordedRefunds(FakeHistories):
    """An order whose history holds the refund as soon as one was created."""

    created: Callable[[], bool] = lambda: False
    refund: Any = None

    def for_order(self, order_id: int) -> OrderHistory:
        found: OrderHistory = super().for_order(order_id)
        return replace(found, refunds=(self.refund,)) if self.created() else found


def _order_page(make: Maker, service: FakeCancelling, rest: FakeRest, *refunds) -> OrderScreen:
    histories = RecordedRefunds(
        found=replace(history(), refunds=refunds),
        created=lambda: bool(service.actions() or rest.calls),
        refund=REST if refunds else refund(R.APPROVED),
    )
    screen = OrderScreen(*make.common, histories, service, rest, Session(), now=lambda: NOW)
    make.show(screen)
    screen.open(1024)
    return screen


def a_line_of_an_order(make: Maker) -> MoneyCase:
    service = _cancelling()
    screen = _order_page(make, service, FakeRest())

    def refuse() -> None:
        service.kept = REFUSAL

    start = screen.view.items.button.click
    return MoneyCase(screen, start, service.actions, "18,000원", refuse)


def several_lines_of_an_order(make: Maker) -> MoneyCase:
    case = a_line_of_an_order(make)
    for row in case.screen.view.items.rows[:2]:  # type: ignore[attr-defined]
        row.tick.click()
    case.amount = "42,000원"
    return case


def rest_on_the_order_page(make: Maker) -> MoneyCase:
    rest = FakeRest(OFFER, REST)
    screen = _order_page(make, _cancelling(), rest, PART)

    def refuse() -> None:
        rest.kept = REFUSAL

    return MoneyCase(screen, screen.view.items.button.click, lambda: rest.calls, "42,000원", refuse)


def _desk(make: Maker, rows: int, amount: str) -> MoneyCase:
    clock = FakeClock()
    desk = FakeDesk(clock)
    screen = RequestDeskScreen(*(*make.common, desk, desk, FakeFilterStore(), FakeExport(), clock))
    make.show(screen)
    screen.open(Actor.seller(SELLER.id))

    def start() -> None:
        for at in range(rows if rows > 1 else 0):
            screen.model.set_checked(at, True)
        screen.view.approve.click()

    def refuse() -> None:
        desk.refusals = dict.fromkeys(range(1, 20), REFUSAL)

    return MoneyCase(screen, start, lambda: desk.requested("decide"), amount, refuse)


def one_approval(make: Maker) -> MoneyCase:
    return _desk(make, 1, "24,000원")


def several_approvals(make: Maker) -> MoneyCase:
    return _desk(make, 3, "원")


def _press(make: Maker, screen: QWidget, text: str) -> Callable[[], None]:
    """Return what clicks the button of this text on a page."""

    def press() -> None:
        label = make.texts(text)
        buttons = screen.findChildren(Button)
        (button,) = [one for one in buttons if one.text() == label and one.isVisible()]
        button.click()

    return press


def _sync(make: Maker, rows: tuple[Any, ...], text: str, amount: str) -> MoneyCase:
    desk = FakeSync(a_report(rows))
    reports = RecordReader(make.runner, partial(desk.report, 200), make.runner)
    screen = SyncScreen(*make.common, desk, reports, Session(), FakeClock(SYNC_NOW))
    make.show(screen)
    reports.refresh()
    case = MoneyCase(
        screen,
        _press(make, screen, text),
        lambda: desk.calls,
        amount,
        lambda: setattr(desk, "refusal", REFUSAL),
    )
    screen.notified.connect(case.said.append)
    return case


def send_now(make: Maker) -> MoneyCase:
    return _sync(make, (TRIED, UNCLEAR), "sync.try_now", "18,000원")


def send_all(make: Maker) -> MoneyCase:
    return _sync(make, (TRIED, UNCLEAR), "sync.try_all", "36,000원")


def give_back_to_sending(make: Maker) -> MoneyCase:
    return _sync(make, (TAKEN,), "sync.try_now", "18,000원")


def _unresolved(make: Maker, text: str, name: str) -> MoneyCase:
    service = FakeOpenMoney(open=open_refunds(), strange=(MISMATCH,))
    screen = UnresolvedScreen(*make.common, service, Session())
    make.show(screen)
    case = MoneyCase(
        screen,
        _press(make, screen, text),
        lambda: getattr(service, name),
        "18,000원",
        lambda: setattr(service, "refusal", REFUSAL),
    )
    screen.notified.connect(case.said.append)
    return case


def send_unresolved(make: Maker) -> MoneyCase:
    return _unresolved(make, "open_money.try_again", "tried")


def not_our_cancellation(make: Maker) -> MoneyCase:
    return _unresolved(make, "open_money.not_ours_button", "said")


def our_cancellation(make: Maker) -> MoneyCase:
    return _unresolved(make, "open_money.ours_button", "said")


SENDING: dict[tuple[str, str], tuple[Callable[[Maker], MoneyCase], ...]] = {
    ("cancellation/cancel_screen.py", "cancellation_service.refund"): (cancel_page,),
    ("cancellation/cancel_screen.py", "service.cancel"): (rest_on_the_cancel_page,),
    ("cancellation/cancel_flow.py", "cancellation_service.refund"): (
        a_line_of_an_order,
        several_lines_of_an_order,
    ),
    ("cancellation/cancel_flow.py", "service.cancel"): (rest_on_the_order_page,),
    ("requests/decision_flow.py", "desk.decide_many"): (one_approval, several_approvals),
    ("sync/sync_actions.py", "desk.try_now"): (send_now,),
    ("sync/sync_actions.py", "desk.try_all"): (send_all,),
    ("sync/sync_actions.py", "desk.requeue"): (give_back_to_sending,),
    ("unresolved/unresolved_actions.py", "service.retry"): (send_unresolved,),
    ("unresolved/unresolved_actions.py", "service.assign_cancellation"): (
        not_our_cancellation,
        our_cancellation,
    ),
}
"""Calls by which a window sends money, by module of ``posapp.ui``, and the cases that press
them."""

WITHOUT_MONEY = {
    # 주문취소: an unpaid item.
    ("cancellation/cancel_screen.py", "cancellation_service.cancel"),
    ("cancellation/cancel_flow.py", "cancellation_service.cancel"),
}
