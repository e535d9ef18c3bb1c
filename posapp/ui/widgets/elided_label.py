"""Label whose text may end in an ellipsis; the whole text is in its tooltip and for readers."""

from __future__ import annotations

from PySide6 import QtCore
from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.ui.widgets.roles import Label


class ElidedLabel(Label):
    """Takes what room there is. For names and remarks only: never for an amount or a number."""

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(role, parent)
        self._whole = ""
        self.setProperty("mayElide", True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_whole(self, text: str) -> None:
        """Set the text."""
        self._whole = text
        self.setToolTip(text)
        self.setAccessibleName(text)
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much of the text as fits."""
        super().resizeEvent(event)
        self._elide()

    def minimumSizeHint(self) -> QSize:
        """Return no width: the text gives way."""
        return QSize(0, super().minimumSizeHint().height())

    def _elide(self) -> None:
        # Without a text Qt's enum stays untouched, as the first window needs (``posapp.ui``).
        shown = self._whole and self.fontMetrics().elidedText(
            self._whole, QtCore.Qt.TextElideMode.ElideRight, self.width()
        )
        if shown != self.text():
            self.setText(shown)
