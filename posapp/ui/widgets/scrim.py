"""Dark layer over the window behind a dialog."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from posapp.ui.widgets.roles import Frame


class Scrim(Frame):
    """Darkens the window behind a dialog as long as that is open."""

    resized = Signal()
    """The window behind has another size."""

    def __init__(self, behind: QWidget, dialog: QDialog) -> None:
        super().__init__("scrim", behind)
        self._behind = behind
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        behind.installEventFilter(self)
        dialog.finished.connect(self._end)
        dialog.destroyed.connect(self._end)
        self._cover()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the window at every size."""
        if event.type() is QEvent.Type.Resize:
            self._cover()
            self.resized.emit()
        return False

    def _cover(self) -> None:
        self.setGeometry(self._behind.rect())

    @Slot()
    def _end(self) -> None:
        self.hide()
        self.deleteLater()
