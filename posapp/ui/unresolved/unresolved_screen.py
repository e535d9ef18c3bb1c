"""Screen of unresolved money: refunds in progress, unknown results, entries that need staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.errors import PosappError
from posapp.services.ports.outbox import Mismatch
from posapp.services.refunds.unresolved_money import UnresolvedRefund
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.shell.routes import ORDER
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.unresolved.evidence_text import describe, evidence_text
from posapp.ui.unresolved.unresolved_actions import UnresolvedActions
from posapp.ui.unresolved.unresolved_layout import UnresolvedLayout
from posapp.ui.unresolved.unresolved_model import UnresolvedEntry, UnresolvedModel, entries_of

if TYPE_CHECKING:
    from posapp.services.refunds.unresolved_money import UnresolvedMoneyService
    from posapp.services.session import Session


TOGETHER_MS = 250
"""Delay in milliseconds that combines several changes into one read."""


@dataclass(frozen=True, slots=True)
class _Found:
    refunds: tuple[UnresolvedRefund, ...]
    mismatches: tuple[Mismatch, ...]


class UnresolvedScreen(Screen):
    """Reads the list when it is shown and after each change, whichever screen is current."""

    counted = Signal(object, object)
    """Number of entries, and of those that need staff; for the header and the sync page."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        service: UnresolvedMoneyService,
        session: Session,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(texts, theme, runner, parent)
        self._service = service
        self._online = True
        self._read_once = False
        self._wanted = 0
        self._soon = QTimer(self, singleShot=True, interval=TOGETHER_MS)
        self._soon.timeout.connect(self._reload)
        self._once_more = False
        self._actions = UnresolvedActions(texts, runner, service, session, self)
        self._actions.began.connect(self._show_entry)
        self._actions.ended.connect(self._action_finished)
        self._actions.sent.connect(self.sent)
        self.model = UnresolvedModel(lambda entry: describe(texts, entry, self._online), self)
        self.view = UnresolvedLayout(texts, theme, self.model)
        self.view.chosen.connect(self._show_entry)
        self.view.detail.try_pressed.connect(self.try_again)
        self.view.detail.ownership_pressed.connect(self._assign)
        self.view.detail.close_pressed.connect(self._close)
        self.view.detail.copy_pressed.connect(self._copy)
        self.view.detail.order_pressed.connect(self._go_to_order)
        self.view.banner.acted.connect(self.view.banner.clear)
        self.view.home.clicked.connect(self.home_requested)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.view)
        self.setFocusProxy(self.view)
        texts.changed.connect(self._retranslate)
        self._retranslate()

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        return cls(
            *(context.texts, context.theme, context.runner),
            *(services.unresolved_money_service, services.session),
        )

    def open(self, refund_id: int) -> None:
        """Show the list with this refund current."""
        self.choose(refund_id)

    @property
    def open_count(self) -> int:
        """Return the number of entries read last."""
        return len(self.model.entries)

    @property
    def person_count(self) -> int:
        """Return the number of entries that need staff."""
        return sum(entry.needs_person for entry in self.model.entries)

    @Slot()
    def refresh(self) -> None:
        """Read the list again."""
        service = self._service
        if not self._read_once:
            self.view.busy.start(self._texts("open_money.loading"))
        self._runner.run(
            lambda: _Found(service.refunds(), service.mismatches()),
            self._take,
            owner=self,
            key="list",
        )

    def choose(self, refund_id: int) -> None:
        """Make a refund current once the list is read."""
        self._wanted = refund_id
        self.refresh()

    @Slot(object)
    def refund_changed(self, refund_id: object) -> None:
        """Read the list after a refund changed."""
        self._refresh_soon()

    @Slot(object)
    def attempt_changed(self, attempt_id: object) -> None:
        """Read the list after a QR changed: it may have an unexpected payment."""
        self._refresh_soon()

    @Slot()
    def status_changed(self) -> None:
        """Read the list after any change of the records."""
        self._refresh_soon()

    def _refresh_soon(self) -> None:
        """Read at once, and then once for all changes within ``TOGETHER_MS``."""
        if self._soon.isActive():
            self._once_more = True
            return
        self._soon.start()
        self.refresh()

    @Slot()
    def _reload(self) -> None:
        if self._once_more:
            self._once_more = False
            self._refresh_soon()

    @Slot(bool)
    def set_online(self, online: bool) -> None:
        """Set whether PortOne is reachable; affects the text of waiting refunds."""
        self._online = online
        self.view.view.set_online(online)
        self._retranslate()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the list."""
        super().showEvent(event)
        self.refresh()

    def try_again(self) -> None:
        """Confirm, then attempt the current refund."""
        entry = self.view.current()
        if entry is not None:
            self._actions.ask_to_send(entry)

    def _assign(self, ours: bool) -> None:
        entry = self.view.current()
        if entry is not None:
            self._actions.ask_ownership(entry, ours)

    def _close(self) -> None:
        entry = self.view.current()
        if entry is not None:
            self._actions.ask_to_close(entry)

    def _action_finished(self, error: Exception | None, text: str) -> None:
        if error is not None:
            self.view.banner.show_error(error, button="words.close")
        else:
            self.view.banner.clear()
            if text:
                self.notified.emit(text)
        self.refresh()
        self._show_entry()

    def _take(self, outcome: TaskResult[_Found]) -> None:
        self.view.busy.stop()
        found = outcome.value
        if found is None:
            self.view.banner.show_error(outcome.error or PosappError(), button="words.close")
            return
        self._read_once = True
        self.view.keep_choice(
            lambda: self.model.set_entries(entries_of(found.refunds, found.mismatches))
        )
        if self._wanted:
            self.view.choose(("refund", self._wanted))
            self._wanted = 0
        self._retranslate()
        self.counted.emit(self.open_count, self.person_count)

    def _retranslate(self) -> None:
        self.view.write(known=self._read_once, person_count=self.person_count)
        self._show_entry()

    def _show_entry(self) -> None:
        entry = self.view.current()
        busy = self._actions.is_busy(entry)
        self.view.detail.show_entry(entry, online=self._online, busy=busy)

    def _copy(self) -> None:
        entry = self.view.current()
        if entry is not None:
            QGuiApplication.clipboard().setText(evidence_text(self._texts, entry, self._online))
            self.notified.emit(self._texts("open_money.copied"))

    def _go_to_order(self) -> None:
        entry: UnresolvedEntry | None = self.view.current()
        if entry is not None and entry.refund is not None:
            self.go_to(ORDER, order_id=entry.refund.refund.order_id)
