"""List of the keys of a page and of the whole program (Shift+F1)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.shell.routes import GLOBAL_KEYS, STAFF_KEYS, KeyUse, Route
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.framed_dialog import FramedDialog
from posapp.ui.widgets.passed_keys import pass_on
from posapp.ui.widgets.roles import Frame, Label

_WIDTH = 480


class KeyList(FramedDialog):
    """Made from the routes; arrows scroll it, and Esc, Enter or F1 closes it.

    Args:
        route: the page whose keys come first.
    """

    def __init__(
        self, texts: Translator, route: Route, parent: QWidget, *, of_staff: bool = False
    ) -> None:
        super().__init__(parent)
        self.setModal(True)
        texts.bind("keys.title").show_in(self, QWidget.setWindowTitle)
        title = Label("heading", text=texts.bind("keys.title"))
        self.close_button = Button("primary", "Esc", text=texts.bind("words.close"))
        self.close_button.clicked.connect(self.accept)
        ground = Frame("panel")
        self._grid = QGridLayout(ground)
        self._grid.setColumnStretch(1, 1)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(12)
        if route.keys:
            self._add(route.title, route.keys, texts)
        everywhere = (*GLOBAL_KEYS, *STAFF_KEYS) if of_staff else GLOBAL_KEYS
        self._add("keys.everywhere", everywhere, texts)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        # It has the focus, for the arrows to scroll: Enter still reaches the button.
        scroll = QScrollArea()
        scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(ground)
        page = QVBoxLayout(self)
        page.setContentsMargins(24, 16, 24, 16)
        page.setSpacing(16)
        page.addWidget(title)
        page.addWidget(scroll, 1)
        page.addWidget(self.close_button)
        self.close_button.setDefault(True)
        scroll.setFocus()
        self.follow_window()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on the key that opened it."""
        if event.key() == Qt.Key.Key_F1:
            self.accept()
        elif not pass_on(self, event):
            super().keyPressEvent(event)

    def _add(self, heading: str, keys: Sequence[KeyUse], texts: Translator) -> None:
        at = self._grid.rowCount()
        name = Label("field", text=texts.bind(heading))
        self._grid.addWidget(name, at, 0, 1, 2)
        for number, one in enumerate(keys, at + 1):
            key, use = Label("key"), Label("body", wraps=True, text=texts.bind(one.label))
            key.setText(one.key)
            self._grid.addWidget(key, number, 0, Qt.AlignmentFlag.AlignLeft)
            self._grid.addWidget(use, number, 1)

    @Slot()
    def follow_window(self) -> None:
        """Cover the right side of the window behind."""
        parent = self.parentWidget()
        if parent is None:
            return
        window = parent.window()
        width = min(_WIDTH, window.width())
        corner = window.mapToGlobal(window.rect().topRight())
        self.setGeometry(corner.x() - width + 1, corner.y(), width, window.height())
