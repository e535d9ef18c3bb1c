"""What the pages of the drawer share: panels that record one act, and the field of its reason."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.domain.cash import LONGEST_REASON
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.permissions import Grant, Permission, grant_of
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.side_panel import PanelSlot, SidePanel

if TYPE_CHECKING:
    from posapp.services.session import Session


class CashReason(Field):
    """사유 of something that is done with cash, as long as records keep it.

    Args:
        name: object name of the line.
        hint: message of the placeholder.
        label: message of the label.
    """

    def __init__(
        self, texts: Translator, name: str, hint: str, label: str = "shift.reason"
    ) -> None:
        super().__init__(name)
        self.line.setMaxLength(LONGEST_REASON)
        self.say(texts.bind(label), texts.bind(hint))

    def forget(self) -> None:
        """Forget what is typed, and what was wrong with it."""
        self.line.clear()
        self.set_wrong("")


class ActPanel(SidePanel):
    """Asks what one act needs. Its owner is a ``DrawerActs``."""

    def begin(self) -> None:
        """Focus what is asked for first."""
        raise NotImplementedError

    def forget(self) -> None:
        """Forget what is typed."""
        raise NotImplementedError

    def set_busy(self, busy: bool) -> None:
        """Take no press while the act is recorded."""
        raise NotImplementedError

    def show_error(self, error: Exception) -> None:
        """Say why nothing was recorded, at what is typed."""
        raise NotImplementedError


class DrawerActs(QObject):
    """Opens panels, one at a time, for whoever may move cash; each press records once.

    Args:
        slot: where the page shows its side panels.
        page: the page itself.
    """

    said = Signal(str)
    """Carries a short message about what was done."""

    failed = Signal(object)
    """Nothing was recorded, or something else went wrong. Carries a function that returns the text,
    in the language of its call."""

    recorded = Signal()
    """The ledger has one more act."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        session: Session,
        slot: PanelSlot,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._texts, self._runner, self._session = texts, runner, session
        self._slot, self._page = slot, page
        self._panels: list[ActPanel] = []
        self._is_recording = False

    @property
    def is_open(self) -> bool:
        """Return whether one of the panels is shown."""
        return self._slot.panel in self._panels

    @Slot()
    def close(self) -> bool:
        """Stop asking and forget what is typed; ``False`` if nothing is asked."""
        if not self.is_open:
            return False
        for panel in self._panels:
            panel.forget()
        return self._slot.close()

    def _add(self, panel: ActPanel) -> None:
        """Take a panel that was made just now."""
        panel.hide()
        panel.closed.connect(self.close)
        self._panels.append(panel)

    def _toggle(self, panel: ActPanel) -> None:
        """Ask, or stop asking; say why if the person has no right to it."""
        role = self._session.role
        if self._slot.panel is panel:
            self.close()
        elif role is not None and grant_of(role, Permission.MOVE_CASH) is Grant.NO:
            self._fail(UserError(ErrorCode.NOT_PERMITTED))
        else:
            panel.forget()
            self._slot.open(panel)
            panel.begin()

    def _record(self, panel: ActPanel, work: Callable[[], Any]) -> None:
        """Record the act, unless one is being recorded."""
        if self._is_recording:
            return
        self._is_recording = True
        panel.set_busy(True)
        self._runner.run(work, partial(self._ended, panel), owner=self._page)

    def _ended(self, panel: ActPanel, outcome: TaskResult[Any]) -> None:
        self._is_recording = False
        panel.set_busy(False)
        if outcome.error is not None:
            if self._slot.panel is panel:
                panel.show_error(outcome.error)
            else:
                self._fail(outcome.error)
            return
        self.close()
        self.recorded.emit()
        self._recorded(outcome.value)

    def _recorded(self, record: Any) -> None:
        """Go on after an act was recorded, with its record."""
        raise NotImplementedError

    def _fail(self, error: Exception) -> None:
        self.failed.emit(lambda: self._texts.error(error))
