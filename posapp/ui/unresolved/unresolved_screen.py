"""Screen of unresolved money: refunds in progress, unknown results, entries that need staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.services.ports.outbox import Mismatch
from posapp.services.refunds.unresolved_money import UnresolvedRefund
from posapp.ui.core.i18n import Translator
from posapp.ui.core.record_reader import RecordReader
from posapp.ui.core.task_runner import TaskRunner
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


@dataclass(frozen=True, slots=True)
class _Found:
    refunds: tuple[UnresolvedRefund, ...]
    mismatches: tuple[Mismatch, ...]


class UnresolvedScreen(Screen):
    """Reads the list when it is shown, and after each change while it is visible."""

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
        self._online = True
        self._wanted = 0
        self._reader = RecordReader(
            runner, lambda: _Found(service.refunds(), service.mismatches()), self
        )
        self._reader.arrived.connect(self._show)
        self._reader.failed.connect(self._show_failure)
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
    def person_count(self) -> int:
        """Return the number of entries that need staff."""
        return sum(entry.needs_person for entry in self.model.entries)

    @Slot()
    def refresh(self) -> None:
        """Read the list again."""
        if self._reader.last is None:
            self.view.busy.start(self._texts("open_money.loading"))
        self._reader.refresh()

    def choose(self, refund_id: int) -> None:
        """Make a refund current once the list is read."""
        self._wanted = refund_id
        self.refresh()

    def refund_changed(self, refund_id: object) -> None:
        """Read the list after a refund changed."""
        self.status_changed()

    def attempt_changed(self, attempt_id: object) -> None:
        """Read the list after a QR changed: it may have an unexpected payment."""
        self.status_changed()

    def status_changed(self) -> None:
        """Read the list after any change of the records."""
        if self.isVisible():
            self._reader.refresh_soon()

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

    @Slot(object)
    def _show_failure(self, error: Exception) -> None:
        self.view.busy.stop()
        self.view.banner.show_error(error, button="words.close")

    @Slot(object)
    def _show(self, found: _Found) -> None:
        self.view.busy.stop()
        self.view.keep_choice(
            lambda: self.model.set_entries(entries_of(found.refunds, found.mismatches))
        )
        if self._wanted:
            self.view.choose(("refund", self._wanted))
            self._wanted = 0
        self._retranslate()

    def _retranslate(self) -> None:
        self.view.write(known=self._reader.last is not None, person_count=self.person_count)
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
