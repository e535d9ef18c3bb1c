"""Dialog that shows a slip as it would be printed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.printing.copy_mark import CopyMark
from posapp.ui.printing.refund_slip import RefundSlip
from posapp.ui.widgets.bold_label import BoldLabel
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.fact_grid import FactGrid
from posapp.ui.widgets.focus_scroll_area import FocusScrollArea
from posapp.ui.widgets.roles import Frame, Label

_WIDTH = 520
_HEIGHT = 640


class SlipDialog(QDialog):
    """A slip with its buttons. Shown with ``open()``; deletes itself."""

    copy_pressed = Signal(str)
    """Carries the slip as plain text, with its mark."""

    print_pressed = Signal()

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        slip: RefundSlip,
        mark: CopyMark | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._slip = slip
        self._mark: CopyMark | None = None
        self.setWindowTitle(slip.heading)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.facts = FactGrid()
        self.facts.set_rows(slip.rows)
        scroll = FocusScrollArea(theme)
        scroll.setWidget(self._paper(slip))
        self.copy = Button("secondary", "F6")
        self.copy.set_text(texts("order_page.copy"))
        self.copy.clicked.connect(lambda: self.copy_pressed.emit(self.text))
        self.print = Button("quiet", "Ctrl+P")
        self.print.set_text(texts("order_page.print"))
        self.print.clicked.connect(self.print_pressed)
        self.close_button = Button("quiet", "Esc")
        self.close_button.set_text(texts("words.close"))
        self.close_button.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.copy, self.print, self.close_button):
            row.addWidget(button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(scroll, 1)
        column.addLayout(row)
        self.setMinimumSize(_WIDTH, _HEIGHT // 2)
        self.resize(_WIDTH, _HEIGHT)
        self.close_button.setDefault(True)
        self.close_button.setFocus()
        self.show_mark(mark)

    @property
    def text(self) -> str:
        """Return the displayed slip as plain text."""
        return f"{self._mark.text}\n{self._slip.text}" if self._mark else self._slip.text

    def show_mark(self, mark: CopyMark | None) -> None:
        """Show the mark of the next print, or none."""
        self._mark = mark
        self.mark_label.setText(mark.label if mark else "")
        self.mark_details.setText(mark.details if mark else "")
        self.mark_frame.setVisible(mark is not None)
        self.setAccessibleDescription(self.text)

    def _marked(self) -> Frame:
        self.mark_label, self.mark_details = Label("heading"), Label("caption", wraps=True)
        frame = Frame("banner")
        frame.setProperty("tone", "notice")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(16, 12, 16, 12)
        inside.setSpacing(4)
        for label in (self.mark_label, self.mark_details):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            inside.addWidget(label)
        return frame

    def _paper(self, slip: RefundSlip) -> QWidget:
        paper = Frame("card")
        layout = QVBoxLayout(paper)
        layout.setContentsMargins(32, 32, 32, 32)
        layout.setSpacing(8)
        shop = Label("muted", wraps=True)
        shop.setText(slip.shop)
        heading = Label("heading", wraps=True)
        heading.setText(slip.heading)
        amount = Label("money-large", wraps=True)
        amount.setText(slip.amount)
        note = BoldLabel()
        note.setText(slip.note)
        note.setVisible(bool(slip.note))
        self.mark_frame = self._marked()
        layout.addWidget(self.mark_frame)
        for widget in (shop, heading, amount, self.facts, note):
            layout.addWidget(widget)
        layout.insertSpacing(5, 8)
        layout.addStretch(1)
        return paper
