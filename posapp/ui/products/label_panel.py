"""Panel that asks how many labels of a product are printed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.printing.roll_layout import PriceLabel
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.roles import Label
from posapp.ui.widgets.side_panel import SidePanel

MOST_LABELS = 50
"""Labels that one press prints at most."""


class LabelPanel(SidePanel):
    """Shows what a label says, and asks for a count. Enter prints; Esc is the page's."""

    agreed = Signal(int)
    """Print so many labels."""

    def __init__(self, texts: Translator, parent: QWidget) -> None:
        super().__init__(texts, texts.bind("products.label_title"), parent=parent)
        self._texts, self._code, self._is_wrong = texts, "", False
        bind = texts.bind
        self.name, self.price = Label("body", wraps=True), Label("heading")
        self.code = Label("muted", wraps=True)
        self.count = Field("labelCount")
        self.count.line.setMaxLength(3)
        self.count.line.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.count.say(bind("products.label_count"), bind("products.label_count_hint"))
        self.act = Button("primary", "Enter", text=bind("products.label_print"))
        self.act.setObjectName("printLabels")
        for part in (self.name, self.price, self.code, self.count, self.act):
            self.content.addWidget(part)
        self.content.addStretch(1)
        self.count.line.textEdited.connect(self._forget_wrong)
        self.count.line.returnPressed.connect(self._agree)
        self.act.clicked.connect(self._agree)
        texts.changed.connect(self._write)
        self.hide()

    def ask(self, label: PriceLabel) -> None:
        """Begin with one label."""
        self.name.setText(label.name)
        self.price.setText(label.price)
        self._code = label.code
        self._is_wrong = False
        self._write()
        self.count.line.setText("1")
        self.count.line.selectAll()
        self.count.line.setFocus()

    @Slot()
    def _agree(self) -> None:
        text = self.count.line.text().strip()
        count = int(text) if text.isascii() and text.isdigit() else 0
        if 1 <= count <= MOST_LABELS:
            self.agreed.emit(count)
        else:
            self._is_wrong = True
            self._write()
            self.count.line.setFocus()

    @Slot()
    def _forget_wrong(self) -> None:
        self._is_wrong = False
        self._write()

    @Slot()
    def _write(self) -> None:
        texts = self._texts
        self.code.setText(self._code or texts("products.label_no_code"))
        wrong = texts("products.label_count_wrong", most=MOST_LABELS) if self._is_wrong else ""
        self.count.set_wrong(wrong)
