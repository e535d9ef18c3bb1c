"""How far an export is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from posapp.ui.formats import grouped
from posapp.ui.i18n import Texts
from posapp.ui.theme import Theme
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Frame, Label, set_role

_STEPS = 1000


class ExportBar(Frame):
    """Rows written, a line that fills, and 취소."""

    cancelled = Signal()
    """취소."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("banner", parent)
        self._texts = texts
        self._written, self._total = 0, 0
        set_role(self, "tone", "notice")
        sign = Sign(theme, 24)
        sign.set_tone("busy")
        self.words = Label("banner-words")
        self.line = QProgressBar()
        self.line.setTextVisible(False)
        self.line.setRange(0, _STEPS)
        self.button = Button("secondary")
        self.button.clicked.connect(self.cancelled)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        middle = QVBoxLayout()
        middle.setSpacing(6)
        middle.addWidget(self.words)
        middle.addWidget(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 8, 8)
        row.setSpacing(16)
        row.addWidget(sign)
        row.addLayout(middle, 1)
        row.addWidget(self.button)
        texts.changed.connect(self._write)
        self.hide()

    def show_progress(self, written: int, total: int) -> None:
        """Show how many of how many rows are written; ``total`` is 0 where it is not known."""
        self._written, self._total = written, total
        self._write()
        self.show()

    def _write(self) -> None:
        texts, known = self._texts, self._total > 0
        self.line.setRange(0, _STEPS if known else 0)
        if known:
            self.line.setValue(min(_STEPS, self._written * _STEPS // self._total))
        words = "requests.exporting_of" if known else "requests.exporting"
        self.words.setText(texts(words, count=grouped(self._written), total=grouped(self._total)))
        self.button.set_words(texts("requests.export_cancel"))
        self.setAccessibleName(self.words.text())
        self.line.setAccessibleName(self.words.text())
