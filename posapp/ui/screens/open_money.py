"""The list of open money: what is on its way back, what is not known, what needs a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.services.open_money import OpenRefund
from posapp.services.ports.outbox import Mismatch
from posapp.ui.background import Outcome, TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.models.open_money import OpenEntry, OpenMoneyModel, entries_of
from posapp.ui.screens.order_parts.evidence import describe, evidence_text
from posapp.ui.screens.order_parts.open_money_deeds import OpenMoneyDeeds
from posapp.ui.screens.order_parts.open_money_sheet import OpenMoneySheet
from posapp.ui.theme import Theme

if TYPE_CHECKING:
    from posapp.services.open_money import OpenMoney


TOGETHER_MS = 250
"""What changes in the background within so long is read together."""


@dataclass(frozen=True, slots=True)
class _Found:
    refunds: tuple[OpenRefund, ...]
    mismatches: tuple[Mismatch, ...]


class OpenMoneyScreen(QWidget):
    """Reads the list when it is shown and whenever something changed; it keeps counting while
    another screen is up."""

    counted = Signal(object, object)
    """How much is open, and how much of that needs a person; for the window's status area."""

    home_requested = Signal()
    order_requested = Signal(object)
    """The order of the entry that is chosen; its id."""

    told = Signal(str)
    """Something in passing, for a toast."""

    sent = Signal(object)
    """Refunds that a person let go; their ids."""

    def __init__(
        self, texts: Texts, theme: Theme, runner: TaskRunner, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._texts, self._runner = texts, runner
        self._service: OpenMoney | None = None
        self._online = True
        self._read_once = False
        self._wanted = 0
        self._soon = QTimer(self, singleShot=True, interval=TOGETHER_MS)
        self._soon.timeout.connect(self._look_once_more)
        self._once_more = False
        self._deeds = OpenMoneyDeeds(texts, runner, self)
        self._deeds.began.connect(self._show_entry)
        self._deeds.ended.connect(self._deed_ended)
        self._deeds.sent.connect(self.sent)
        self.model = OpenMoneyModel(lambda entry: describe(texts, entry, self._online), self)
        self.sheet = OpenMoneySheet(texts, theme, self.model)
        self.sheet.chosen.connect(self._show_entry)
        self.sheet.detail.try_pressed.connect(self.try_again)
        self.sheet.detail.whose_pressed.connect(self._say_whose)
        self.sheet.detail.close_pressed.connect(self._close)
        self.sheet.detail.copy_pressed.connect(self._copy)
        self.sheet.detail.order_pressed.connect(self._go_to_order)
        self.sheet.banner.acted.connect(self.sheet.banner.clear)
        self.sheet.home.clicked.connect(self.home_requested)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.sheet)
        self.setFocusProxy(self.sheet)
        texts.changed.connect(self._write)
        self._write()

    @property
    def open_count(self) -> int:
        """How much is open, as it was read last."""
        return len(self.model.entries)

    @property
    def person_count(self) -> int:
        """How much of it needs a person."""
        return sum(entry.needs_person for entry in self.model.entries)

    def attach(self, service: OpenMoney) -> None:
        """The service stands: count at once."""
        self._service = service
        self._deeds.attach(service)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read the list again."""
        service = self._service
        if service is None:
            return
        if not self._read_once:
            self.sheet.busy.start(self._texts("open_money.loading"))
        self._runner.run(
            lambda: _Found(service.refunds(), service.mismatches()),
            self._take,
            owner=self,
            key="list",
        )

    def choose(self, refund_id: int) -> None:
        """Have this refund chosen, once the list is read."""
        self._wanted = refund_id
        self.refresh()

    @Slot(object)
    def refund_changed(self, refund_id: object) -> None:
        """A refund changed in the background."""
        self._refresh_soon()

    @Slot(object)
    def attempt_changed(self, attempt_id: object) -> None:
        """A QR changed: money that nobody expected may have come in."""
        self._refresh_soon()

    @Slot()
    def standing_changed(self) -> None:
        """The records changed, whoever changed them."""
        self._refresh_soon()

    def _refresh_soon(self) -> None:
        """At once, and then not once for each of many that change together."""
        if self._soon.isActive():
            self._once_more = True
            return
        self._soon.start()
        self.refresh()

    @Slot()
    def _look_once_more(self) -> None:
        if self._once_more:
            self._once_more = False
            self._refresh_soon()

    @Slot(bool)
    def set_online(self, online: bool) -> None:
        """PortOne can be reached or not: decides how what waits is told."""
        self._online = online
        self.sheet.view.set_online(online)
        self._write()

    def showEvent(self, event: QShowEvent) -> None:
        """Read when it is looked at."""
        super().showEvent(event)
        self.refresh()

    def try_again(self) -> None:
        """Ask whether the chosen refund is looked at and sent now."""
        entry = self.sheet.current()
        if entry is not None:
            self._deeds.ask_to_send(entry)

    def _say_whose(self, ours: bool) -> None:
        entry = self.sheet.current()
        if entry is not None:
            self._deeds.ask_whose(entry, ours)

    def _close(self) -> None:
        entry = self.sheet.current()
        if entry is not None:
            self._deeds.ask_to_close(entry)

    def _deed_ended(self, error: Exception | None, words: str) -> None:
        if error is not None:
            self.sheet.banner.show_error(error, button="words.close")
        else:
            self.sheet.banner.clear()
            self.told.emit(words)
        self.refresh()
        self._show_entry()

    def _take(self, outcome: Outcome[_Found]) -> None:
        self.sheet.busy.stop()
        found = outcome.value
        if found is None:
            self.sheet.banner.show_error(outcome.error or PosError(), button="words.close")
            return
        self._read_once = True
        self.sheet.keep_choice(
            lambda: self.model.set_entries(entries_of(found.refunds, found.mismatches))
        )
        if self._wanted:
            self.sheet.choose(("refund", self._wanted))
            self._wanted = 0
        self._write()
        self.counted.emit(self.open_count, self.person_count)

    def _write(self) -> None:
        self.sheet.write(known=self._read_once, person_count=self.person_count)
        self._show_entry()

    def _show_entry(self) -> None:
        entry = self.sheet.current()
        busy = self._deeds.is_busy(entry)
        self.sheet.detail.show_entry(entry, online=self._online, busy=busy)

    def _copy(self) -> None:
        entry = self.sheet.current()
        if entry is not None:
            QGuiApplication.clipboard().setText(evidence_text(self._texts, entry, self._online))
            self.told.emit(self._texts("open_money.copied"))

    def _go_to_order(self) -> None:
        entry: OpenEntry | None = self.sheet.current()
        if entry is not None and entry.refund is not None:
            self.order_requested.emit(entry.refund.refund.order_id)
