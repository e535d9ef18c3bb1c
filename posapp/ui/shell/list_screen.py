"""A page of entries that are read in the background: list, details, actions on the current one."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.record_reader import RecordReader
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.shell.routes import ORDER
from posapp.ui.shell.screen import Screen
from posapp.ui.widgets import boxes
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.confirmed_actions import ConfirmedActions
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.list_detail import EntryDetails, ListDetailActions


class ListScreen(Screen):
    """Reads its entries when it is shown, and after each change while it is visible.

    A subclass adds its buttons to ``view``, has ``act`` and ``follow`` connect them, and defines
    ``show_read`` and ``offer``.

    Args:
        read: calls in another thread what reads the entries.
        catalogue: file of the page's texts; it has ``empty``, ``empty_why``, ``loading`` and
            ``copied``.
        name: id of the list's name.
        key_of: returns the identity of an entry.
        describe: returns the row of an entry, in the current language.
        details_of: returns the details of an entry, in the current language.
        order_of: returns the id of the order that an entry is about, or ``None``.
    """

    close_name = "words.close"
    """Id of the text of the banner's button after a failed read."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        read: RecordReader[Any] | Callable[[], object],
        parent: QWidget | None = None,
        *,
        catalogue: str,
        name: str,
        key_of: Callable[[Any], Hashable],
        describe: Callable[[Any], Any],
        details_of: Callable[[Any], EntryDetails],
        order_of: Callable[[Any], int | None],
    ) -> None:
        super().__init__(texts, theme, runner, parent)
        if not isinstance(read, RecordReader):
            read = RecordReader[Any](runner, read, self)
        self._reader = read
        self._catalogue, self._order_of = catalogue, order_of
        bind = texts.bind
        self.home = Button("primary", "Enter", text=bind("cancel.go_home"))
        empty = EmptyState(theme, tone="success", action=self.home)
        empty.say(bind(f"{catalogue}.empty"), bind(f"{catalogue}.empty_why"))
        self.view = view = ListDetailActions(
            *(texts, theme),
            name=bind(name),
            empty=empty,
            key_of=key_of,
            describe=describe,
            details_of=details_of,
        )
        boxes.column(view, on=self)
        self.setFocusProxy(view)
        self._reader.arrived.connect(self.show_read)
        self._reader.failed.connect(self._show_failure)
        view.chosen.connect(self.offer)
        view.opened.connect(lambda entry: self.go_to(ORDER, order_id=order_of(entry)))
        view.copied.connect(lambda: self.notified.emit(texts(f"{catalogue}.copied")))
        view.banner.acted.connect(self._dismiss)
        self.home.clicked.connect(self.home_requested)

    def show_read(self, found: Any) -> None:
        """Show what was read: ``view.show_entries``, and the count in the head."""
        raise NotImplementedError

    @Slot()
    def offer(self) -> None:
        """Offer what can be done about the current entry."""
        entry = self.view.current
        self.view.detail.order.setVisible(entry is not None and bool(self._order_of(entry)))

    def act(self, button: Button, act: Callable[[Any], object]) -> None:
        """Let a button act on the current entry."""

        def pressed() -> None:
            if self.view.current is not None:
                act(self.view.current)

        button.clicked.connect(pressed)

    def follow(self, actions: ConfirmedActions) -> None:
        """Show how actions end, and offer none for an entry that is busy."""
        actions.began.connect(self.offer)
        actions.ended.connect(self._action_finished)
        actions.sent.connect(self.sent)

    @property
    def head_actions(self) -> QWidget:
        """Return the buttons that concern no entry, and the one that copies."""
        return self.view.head

    @Slot()
    def refresh(self) -> None:
        """Read the entries again."""
        if self._reader.last is None:
            self.view.busy.start(self._texts(f"{self._catalogue}.loading"))
        self._reader.refresh()

    def status_changed(self) -> None:
        """Read the entries after any change of the records."""
        if self.isVisible():
            self._reader.refresh_soon()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the entries."""
        super().showEvent(event)
        self.refresh()

    @Slot(object)
    def _show_failure(self, error: Exception) -> None:
        self.view.busy.stop()
        self.view.banner.show_error(error, button=self.close_name)

    @Slot()
    def _dismiss(self) -> None:
        self.view.banner.clear()

    @Slot(object, str)
    def _action_finished(self, error: Exception | None, text: str) -> None:
        if error is not None:
            self.view.banner.show_error(error, button="words.close")
        else:
            self.view.banner.clear()
            if text:
                self.notified.emit(text)
        self.refresh()
        self.offer()
