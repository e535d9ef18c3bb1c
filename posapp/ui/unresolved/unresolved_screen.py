"""Page of unresolved money: refunds in progress, unknown results, entries that need staff."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.actors import Actor
from posapp.domain.payments import ReportedPayment
from posapp.services.cash.cash_service import OpenCash
from posapp.services.ports.outbox import Mismatch
from posapp.services.refunds.unresolved_money import UnresolvedRefund
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.shell.list_screen import ListScreen
from posapp.ui.shell.routes import PAYING
from posapp.ui.shell.screen import ScreenContext
from posapp.ui.unresolved.unresolved_actions import UnresolvedActions
from posapp.ui.unresolved.unresolved_text import (
    UnresolvedEntry,
    details_of,
    entries_of,
    reading_of,
    row_of,
)
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.list_detail import EntryDetails

if TYPE_CHECKING:
    from posapp.domain.cash import CashRefund
    from posapp.services.cash.cash_service import CashService
    from posapp.services.refunds.unresolved_money import UnresolvedMoneyService
    from posapp.services.session import Session
    from posapp.services.staff.refund_approvals import RefundApprovals
    from posapp.ui.printing.roll_printing import RollPrinting


@dataclass(frozen=True, slots=True)
class _Found:
    refunds: tuple[UnresolvedRefund, ...]
    mismatches: tuple[Mismatch, ...]
    cash: OpenCash


class UnresolvedScreen(ListScreen):
    """What is in progress, unknown, or for a person to decide, with its actions."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        service: UnresolvedMoneyService,
        session: Session,
        parent: QWidget | None = None,
        *,
        approvals: RefundApprovals | None = None,
        cash: CashService | None = None,
        roll: RollPrinting | None = None,
    ) -> None:
        super().__init__(
            *(texts, theme, runner),
            lambda: _Found(
                service.refunds(),
                service.mismatches(),
                cash.open_cash() if cash is not None else OpenCash(),
            ),
            parent,
            catalogue="open_money",
            name="open_money.title",
            key_of=lambda entry: entry.key,
            describe=lambda entry: row_of(texts, entry, self._online),
            details_of=self._details_of,
            order_of=lambda entry: entry.order_id,
        )
        self._service, self._session = service, session
        self._online = True
        self._readings: dict[tuple[str, int], ReportedPayment | None] = {}
        self._reading: tuple[str, int] | None = None
        self._actions = UnresolvedActions(
            *(texts, runner, service, session, self, theme),
            approvals=approvals,
            cash=cash,
            roll=roll,
        )
        bind = texts.bind
        why = bind("open_money.read_why")
        self.read = Button("quiet", "F5", text=bind("open_money.read"), description=why)
        why = bind("open_money.not_ours_consequence")
        self.not_ours = Button(
            "secondary", text=bind("open_money.not_ours_button"), description=why
        )
        why = bind("open_money.ours_consequence")
        self.ours = Button("secondary", "F7", text=bind("open_money.ours_button"), description=why)
        why = bind("open_money.try_again_why")
        self.send = Button("primary", "F8", text=bind("open_money.try_again"), description=why)
        why = bind("open_money.close_consequence")
        self.explain = Button("primary", text=bind("open_money.close_button"), description=why)
        self.pay = Button("primary", "F7", text=bind("cash.pay_rest"))
        why = bind("cash.hand_out_consequence")
        self.hand_out = Button("primary", "F8", text=bind("cash.hand_out"), description=why)
        self.view.add_head(self.read)
        self.view.add_actions(
            *(self.not_ours, self.ours, self.explain, self.send, self.pay, self.hand_out)
        )
        self._connect()

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        return cls(
            *(context.texts, context.theme, context.runner),
            *(services.unresolved_money_service, services.session),
            approvals=services.staff.approvals,
            cash=services.cash_service,
            roll=context.roll,
        )

    def open(self, refund_id: int) -> None:
        """Make a refund current once the list is read."""
        self.view.choose(("refund", refund_id))
        self.refresh()

    @Slot(bool)
    def set_online(self, online: bool) -> None:
        """Set whether PortOne is reachable; affects the text of waiting refunds."""
        self._online = online
        self.view.write_again()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the list; what PortOne said at an earlier visit is forgotten."""
        self._readings.clear()
        super().showEvent(event)

    def _connect(self) -> None:
        actions = self._actions
        self.follow(actions)
        actions.handed_out.connect(self._handed_out)
        self.read.clicked.connect(self._read_payment)
        self.act(self.send, actions.ask_to_send)
        self.act(self.ours, partial(actions.ask_ownership, ours=True))
        self.act(self.not_ours, partial(actions.ask_ownership, ours=False))
        self.act(self.explain, actions.ask_to_close)
        self.act(self.hand_out, actions.ask_to_hand_out)
        self.act(self.pay, self._pay_rest)
        self._texts.changed.connect(self._write_count)

    @Slot(object)
    def _handed_out(self, refund: CashRefund) -> None:
        self.cash_handed_out.emit(refund.order_id, (refund.item_id,))

    def _pay_rest(self, entry: UnresolvedEntry) -> None:
        if entry.held is not None:
            order = entry.held.order
            self.go_to(PAYING, actor=Actor.buyer(order.buyer_id), order_id=order.id)

    def _details_of(self, entry: UnresolvedEntry) -> EntryDetails:
        texts = self._texts
        details = details_of(texts, entry, self._online)
        if entry.key == self._reading:
            reading = [(texts("open_money.read"), texts("open_money.reading"))]
        elif entry.key in self._readings:
            reading = reading_of(texts, self._readings[entry.key])
        else:
            return details
        return replace(details, facts=(*reading, *details.facts))

    def _read_payment(self) -> None:
        entry: UnresolvedEntry | None = self.view.current
        if entry is None or not any(entry.numbers):
            return
        actor = self._session.actor
        work = partial(self._service.read_payment, actor, *entry.numbers)
        self._reading = entry.key
        self._runner.run(work, partial(self._take_reading, entry), owner=self, key="reading")
        self.view.write_again()

    def _take_reading(
        self, entry: UnresolvedEntry, outcome: TaskResult[ReportedPayment | None]
    ) -> None:
        self._reading = None
        if outcome.error is not None:
            self.view.banner.show_error(outcome.error, button="words.close")
        else:
            self._readings[entry.key] = outcome.value
        self.view.write_again()

    def show_read(self, found: _Found) -> None:
        """Show the refunds, mismatches and cash."""
        self.view.show_entries(entries_of(found.refunds, found.mismatches, found.cash))
        self._write_count()

    def _write_count(self) -> None:
        entries = self.view.model.entries
        person = sum(entry.needs_person for entry in entries)
        text = self._texts("open_money.count", count=len(entries), person=person)
        self.set_head(subtitle=text if entries else "")

    def offer(self) -> None:
        """Offer what can be done with the current entry."""
        entry: UnresolvedEntry | None = self.view.current
        idle = entry is not None and not self._actions.is_busy(entry.key)
        is_refund = entry is not None and entry.refund is not None
        is_ambiguous = entry is not None and entry.can_be_ambiguous
        is_mismatch = entry is not None and entry.mismatch is not None
        is_held = entry is not None and entry.held is not None
        is_due = entry is not None and entry.cash_refund is not None
        for button, offered in (
            *((self.send, is_refund), (self.explain, is_mismatch)),
            *((self.pay, is_held), (self.hand_out, is_due)),
            *((self.ours, is_ambiguous), (self.not_ours, is_ambiguous)),
        ):
            button.setVisible(offered)
            button.setEnabled(idle)
        self.read.setVisible(entry is not None and any(entry.numbers))
        super().offer()
