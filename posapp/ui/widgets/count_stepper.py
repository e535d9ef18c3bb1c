"""Choice of a count of pieces, by buttons and keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.widgets import boxes
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Label

_SIDE = 64
"""Width in pixels of a button."""

_STEPS: dict[int, int] = {Qt.Key.Key_Minus: -1, Qt.Key.Key_Plus: 1}


class CountStepper(QWidget):
    """``[−] 2 [+] / 5개``: from one piece to all of them."""

    changed = Signal(int)
    """Another count was chosen."""

    def __init__(self, texts: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._count = self._most = 1
        self._is_busy = False
        self.fewer, self.more = Button("secondary"), Button("secondary")
        for button, by in ((self.fewer, -1), (self.more, 1)):
            button.setAutoDefault(False)
            button.setFixedWidth(_SIDE)
            button.clicked.connect(lambda _=False, step=by: self.step(step))
        self.number, self._all = Label("count"), Label("muted")
        self.number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.number.setMinimumWidth(_SIDE)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        boxes.row(self.fewer, self.number, self.more, self._all, on=self, gap=8)
        texts.changed.connect(self._write)

    @property
    def count(self) -> int:
        """Return the chosen count."""
        return self._count

    def show_count(self, count: int, most: int) -> None:
        """Show a count of at most ``most``, without a signal."""
        self._count, self._most = count, most
        self._write()

    def set_busy(self, busy: bool) -> None:
        """Keep the count while the work that it was chosen for runs; the focus stays."""
        self._is_busy = busy

    def step(self, by: int) -> None:
        """Choose so many more pieces, or fewer; not beyond an end."""
        count = min(max(self._count + by, 1), self._most)
        if count != self._count and not self._is_busy:
            self._count = count
            self._write()
            self.changed.emit(count)
            announce(self, self.accessibleName())

    def take_key(self, event: QKeyEvent) -> bool:
        """Step by + or −; ``False``: it is another key."""
        step = _STEPS.get(event.key())
        if step is not None:
            self.step(step)
        return step is not None

    def _write(self) -> None:
        texts = self._texts
        self.fewer.set_text("−", name=texts("words.fewer"))
        self.more.set_text("+", name=texts("words.more_pieces"))
        self.fewer.setEnabled(self._count > 1)
        self.more.setEnabled(self._count < self._most)
        self.number.setText(str(self._count))
        self._all.setText(texts("words.of_pieces", count=self._most))
        self.setAccessibleName(texts("words.pieces_of", count=self._count, most=self._most))
