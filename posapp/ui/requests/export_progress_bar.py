"""Progress bar of an export."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from posapp.ui.core.formats import grouped
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Frame, Label, set_role

_STEPS = 1000


class ExportProgressBar(Frame):
    """Shows the rows written, a progress bar and 취소."""

    cancelled = Signal()
    """취소 was pressed."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("banner", parent)
        self._texts = texts
        self._written, self._total = 0, 0
        set_role(self, "tone", "notice")
        sign = Sign(theme, 24)
        sign.set_tone("busy")
        self.text_label = Label("banner-words")
        self.line = QProgressBar()
        self.line.setTextVisible(False)
        self.line.setRange(0, _STEPS)
        self.button = Button("secondary")
        self.button.clicked.connect(self.cancelled)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        middle = QVBoxLayout()
        middle.setSpacing(6)
        middle.addWidget(self.text_label)
        middle.addWidget(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 8, 8)
        row.setSpacing(16)
        row.addWidget(sign)
        row.addLayout(middle, 1)
        row.addWidget(self.button)
        texts.changed.connect(self._retranslate)
        self.hide()

    def show_progress(self, written: int, total: int) -> None:
        """Show the rows written and their total; ``total`` is 0 if unknown."""
        self._written, self._total = written, total
        self._retranslate()
        self.show()

    def _retranslate(self) -> None:
        texts, known = self._texts, self._total > 0
        self.line.setRange(0, _STEPS if known else 0)
        if known:
            self.line.setValue(min(_STEPS, self._written * _STEPS // self._total))
        text = "requests.exporting_of" if known else "requests.exporting"
        self.text_label.setText(
            texts(text, count=grouped(self._written), total=grouped(self._total))
        )
        self.button.set_text(texts("requests.export_cancel"))
        self.setAccessibleName(self.text_label.text())
        self.line.setAccessibleName(self.text_label.text())
